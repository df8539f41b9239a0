//! Where contents lie: a folder or an S3 bucket for the whole house, in it a shelf for each city, on it
//! `<first two digits of the hash>/<hash>`.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt, RetryConfig};

use super::Hash;

/// The most bytes of one file where nobody says otherwise: 10 MB.
pub const MOST: usize = 10 * 1024 * 1024;

/// The store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The content is not there.
    #[error("the content {0} is not in the store")]
    Missing(String),
    /// The folder or the bucket refused or is away.
    #[error("the store: {0}")]
    Away(#[source] object_store::Error),
}

impl From<object_store::Error> for StoreError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { path, .. } => Self::Missing(path),
            other => Self::Away(other),
        }
    }
}

/// The store of the house. Cloning it gives the same store.
#[derive(Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    /// Where the objects are files.
    folder: Option<PathBuf>,
    most: usize,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without its options, which may hold keys.
        f.debug_struct("Store").field("most", &self.most).finish_non_exhaustive()
    }
}

/// In memory.
impl Default for Store {
    fn default() -> Self {
        Self::memory()
    }
}

impl Store {
    /// A store that forgets everything with the process, for tests.
    #[must_use]
    pub fn memory() -> Self {
        Self::over(InMemory::new())
    }

    /// A folder, which must be there. What was written survives the loss of power.
    pub fn folder(path: &Path) -> Result<Self, StoreError> {
        let objects = Self::over(LocalFileSystem::new_with_prefix(path)?.with_fsync(true));
        Ok(Self { folder: Some(path.to_path_buf()), ..objects })
    }

    /// A bucket of S3 or of what speaks like it. Region, keys and endpoint come from the usual `AWS_…` variables of
    /// the environment. The process must have chosen its provider of TLS before.
    pub fn s3(bucket: &str, prefix: &str) -> Result<Self, StoreError> {
        // A sweep holds a row while it removes: it must not wait for minutes.
        let retry = RetryConfig { max_retries: 2, retry_timeout: Duration::from_secs(10), ..RetryConfig::default() };
        let bucket = AmazonS3Builder::from_env().with_bucket_name(bucket).with_retry(retry).build()?;
        Ok(if prefix.is_empty() { Self::over(bucket) } else { Self::over(PrefixStore::new(bucket, prefix)) })
    }

    fn over(objects: impl ObjectStore) -> Self {
        Self { objects: Arc::new(objects), folder: None, most: MOST }
    }

    /// With another limit on the bytes of one file.
    #[must_use]
    pub fn with_limit(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// The most bytes of one file.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.most
    }

    /// The shelf of the city of this slug.
    #[must_use]
    pub fn of(&self, slug: &str) -> Shelf {
        let folder = self.folder.as_ref().map(|folder| folder.join(slug));
        Shelf { objects: Arc::clone(&self.objects), folder, slug: slug.to_owned() }
    }
}

/// One city's part of the store; no other city's content can be reached from it.
#[derive(Clone)]
pub struct Shelf {
    objects: Arc<dyn ObjectStore>,
    folder: Option<PathBuf>,
    slug: String,
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf").field("slug", &self.slug).finish_non_exhaustive()
    }
}

/// A content on its way out.
pub struct Content {
    /// How many bytes there are.
    pub size: u64,
    /// The bytes.
    pub bytes: BoxStream<'static, Result<Bytes, StoreError>>,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Shelf {
    /// Writes a content, whole or not at all. Whoever calls this holds an announced blob, so that no sweep is near.
    pub(super) async fn put(&self, hash: &Hash, content: Bytes) -> Result<(), StoreError> {
        let key = self.key(hash);
        match self.objects.head(&key).await {
            Ok(there) if there.size == content.len() as u64 => return Ok(()),
            Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        self.objects.put(&key, content.into()).await?;
        Ok(())
    }

    /// A content as a stream.
    pub async fn open(&self, hash: &Hash) -> Result<Content, StoreError> {
        let found = self.objects.get(&self.key(hash)).await?;
        Ok(Content { size: found.meta.size, bytes: found.into_stream().map_err(StoreError::from).boxed() })
    }

    /// A content in one piece, for programs that need it whole.
    pub async fn read(&self, hash: &Hash) -> Result<Bytes, StoreError> {
        Ok(self.objects.get(&self.key(hash)).await?.bytes().await?)
    }

    /// Removes a content; one that is not there is removed already.
    pub(super) async fn remove(&self, hash: &Hash) -> Result<(), StoreError> {
        match self.objects.delete(&self.key(hash)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The first two digits that occur.
    pub(super) async fn drawers(&self) -> Result<Vec<String>, StoreError> {
        let found = self.objects.list_with_delimiter(Some(&Key::from(self.slug.as_str()))).await?;
        Ok(found.common_prefixes.iter().filter_map(|key| key.filename().map(str::to_owned)).collect())
    }

    /// The contents whose hash begins with two digits, with their sizes in bytes.
    pub(super) async fn objects(&self, drawer: &str) -> Result<Vec<(Hash, i64)>, StoreError> {
        let prefix = Key::from(format!("{}/{drawer}", self.slug));
        let found: Vec<_> = self.objects.list(Some(&prefix)).try_collect().await?;
        let named = found.iter().filter_map(|object| {
            Some((Hash::parse(object.location.filename()?)?, i64::try_from(object.size).unwrap_or(i64::MAX)))
        });
        Ok(named.collect())
    }

    /// Removes what a process was writing into the folder when it died, so long ago by the machine's own clock that nobody
    /// writes it any more. It lies beside the content that it would have become, as `<hash>#1`; a bucket keeps nothing half.
    pub(super) async fn clear(&self, older_than: Duration) -> Result<(), StoreError> {
        let Some(folder) = self.folder.clone() else { return Ok(()) };
        let cleared = tokio::task::spawn_blocking(move || clear(&folder, older_than)).await;
        let cleared = cleared.unwrap_or_else(|error| Err(io::Error::other(error)));
        let away = |error: io::Error| object_store::Error::Generic { store: "folder", source: Box::new(error) };
        cleared.map_err(|error| StoreError::Away(away(error)))
    }

    fn key(&self, hash: &Hash) -> Key {
        Key::from(format!("{}/{}/{}", self.slug, &hash.as_str()[..2], hash.as_str()))
    }
}

fn clear(shelf: &Path, older_than: Duration) -> io::Result<()> {
    let drawers = match fs::read_dir(shelf) {
        Ok(drawers) => drawers,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for drawer in drawers {
        for file in fs::read_dir(drawer?.path())? {
            let file = file?;
            let is_half = file.file_name().to_string_lossy().contains('#');
            // A file from the future is being written now.
            if is_half && file.metadata()?.modified()?.elapsed().is_ok_and(|age| age > older_than) {
                fs::remove_file(file.path())?;
            }
        }
    }
    Ok(())
}
