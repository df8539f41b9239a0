//! The store of files, made from the settings.

use kyodo_kernel::files::Store;

use crate::data::DataFolder;
use crate::failure::{OrTell, Result};
use crate::platform;
use crate::settings::{Config, Files};

/// The store in which files lie that people send.
pub fn store(config: &Config, data: &DataFolder) -> Result<Store> {
    let store = match &config.files {
        Files::Folder => {
            let folder = data.files();
            platform::create_private_folder(&folder)
                .or_tell(|| format!("{} を作れません。権限を確かめてください。", folder.display()))?;
            Store::folder(&folder)
                .or_tell(|| format!("{} を使えません。権限を確かめてください。", folder.display()))?
        }
        Files::S3 { bucket, prefix } => Store::s3(bucket, prefix).or_tell(|| {
            format!("s3://{bucket} を使えません。環境変数 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY、AWS_REGION などを確かめてください。")
        })?,
    };
    Ok(store.with_limit(config.upload_limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn only_the_owner_enters_the_folder_of_files() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let data = DataFolder::new(root.path());
        std::fs::create_dir(data.files()).unwrap();
        let config = Config { upload_limit: 5, ..Config::blank() };
        assert_eq!(store(&config, &data).unwrap().limit(), 5);
        let mode = std::fs::metadata(data.files()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
