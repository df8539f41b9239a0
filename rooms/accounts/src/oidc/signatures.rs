//! The one place where signatures are made and checked: jsonwebtoken reads the tokens, ring does the arithmetic. Either of
//! jsonwebtoken's own backends would bring a second cryptography into the house, one of them with an open advisory (RSA timing).

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind, Result};
use jsonwebtoken::jwk::{EllipticCurve, ThumbprintHash};
use jsonwebtoken::signature::{Error as Refusal, Signer, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, KeyPair, RsaKeyPair, RsaPublicKeyComponents, UnparsedPublicKey};

static RING: CryptoProvider = CryptoProvider {
    signer_factory,
    verifier_factory,
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: rsa_public,
        rsa_pub_components_from_public_key: |_| Err(ErrorKind::UnsupportedAlgorithm.into()),
        ec_pub_components_from_private_key: ec_public,
        ed_pub_components_from_private_key: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
        compute_digest: digest,
    },
};

/// The algorithms by which a provider may sign: none that is made with a shared secret, and never `none`.
pub(super) const BELIEVED: [Algorithm; 9] = [
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
];

/// To be called before jsonwebtoken: it asks a process-wide place who does its arithmetic.
pub(super) fn install() {
    // A second call changes nothing, and says so.
    let _ = RING.install_default();
}

struct RsaSigner {
    key: RsaKeyPair,
    algorithm: Algorithm,
    padding: &'static dyn signature::RsaEncoding,
}

struct EcSigner {
    key: EcdsaKeyPair,
}

struct RingVerifier {
    key: DecodingKey,
    algorithm: Algorithm,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "jsonwebtoken calls it so")]
fn signer_factory(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    if key.family() != algorithm.family() {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    let padding: &'static dyn signature::RsaEncoding = match algorithm {
        Algorithm::ES256 => return Ok(Box::new(EcSigner { key: ec_pair(key.as_bytes())? })),
        Algorithm::RS256 => &signature::RSA_PKCS1_SHA256,
        Algorithm::PS256 => &signature::RSA_PSS_SHA256,
        _ => return Err(ErrorKind::UnsupportedAlgorithm.into()),
    };
    Ok(Box::new(RsaSigner { key: rsa_pair(key.as_bytes())?, algorithm: *algorithm, padding }))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "jsonwebtoken calls it so")]
fn verifier_factory(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    if key.family() != algorithm.family() || algorithm.family() == AlgorithmFamily::Hmac {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    Ok(Box::new(RingVerifier { key: key.clone(), algorithm: *algorithm }))
}

impl Signer<Vec<u8>> for RsaSigner {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Refusal> {
        let mut signed = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(self.padding, &SystemRandom::new(), message, &mut signed)
            .map_err(|_| Refusal::new())
            .map(|()| signed)
    }
}

impl JwtSigner for RsaSigner {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Signer<Vec<u8>> for EcSigner {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Refusal> {
        let signed = self.key.sign(&SystemRandom::new(), message).map_err(|_| Refusal::new())?;
        Ok(signed.as_ref().to_vec())
    }
}

impl JwtSigner for EcSigner {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signed: &Vec<u8>) -> std::result::Result<(), Refusal> {
        let verdict = match self.key.kind() {
            DecodingKeyKind::SecretOrDer(point) => {
                let rules: &'static dyn signature::VerificationAlgorithm = match self.algorithm {
                    Algorithm::ES256 => &signature::ECDSA_P256_SHA256_FIXED,
                    Algorithm::ES384 => &signature::ECDSA_P384_SHA384_FIXED,
                    Algorithm::EdDSA => &signature::ED25519,
                    _ => return Err(Refusal::new()),
                };
                UnparsedPublicKey::new(rules, point).verify(message, signed)
            }
            DecodingKeyKind::RsaModulusExponent { n, e } => {
                let rules = match self.algorithm {
                    Algorithm::RS256 => &signature::RSA_PKCS1_2048_8192_SHA256,
                    Algorithm::RS384 => &signature::RSA_PKCS1_2048_8192_SHA384,
                    Algorithm::RS512 => &signature::RSA_PKCS1_2048_8192_SHA512,
                    Algorithm::PS256 => &signature::RSA_PSS_2048_8192_SHA256,
                    Algorithm::PS384 => &signature::RSA_PSS_2048_8192_SHA384,
                    Algorithm::PS512 => &signature::RSA_PSS_2048_8192_SHA512,
                    _ => return Err(Refusal::new()),
                };
                RsaPublicKeyComponents { n, e }.verify(rules, message, signed)
            }
        };
        verdict.map_err(|_| Refusal::new())
    }
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

fn rsa_pair(der: &[u8]) -> Result<RsaKeyPair> {
    RsaKeyPair::from_der(der).map_err(|_| Error::from(ErrorKind::InvalidKeyFormat))
}

fn ec_pair(der: &[u8]) -> Result<EcdsaKeyPair> {
    EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P256_SHA256_FIXED_SIGNING, der, &SystemRandom::new())
        .map_err(|_| ErrorKind::InvalidEcdsaKey.into())
}

fn rsa_public(der: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
    let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(rsa_pair(der)?.public());
    Ok((n, e))
}

fn ec_public(der: &[u8], _: Algorithm) -> Result<(EllipticCurve, Vec<u8>, Vec<u8>)> {
    // Uncompressed: 4, x, y.
    let pair = ec_pair(der)?;
    match pair.public_key().as_ref() {
        [4, point @ ..] if point.len() == 64 => Ok((EllipticCurve::P256, point[..32].to_vec(), point[32..].to_vec())),
        _ => Err(ErrorKind::InvalidEcdsaKey.into()),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "jsonwebtoken calls it so")]
fn digest(data: &[u8], hash: ThumbprintHash) -> Result<Vec<u8>> {
    let rules = match hash {
        ThumbprintHash::SHA256 => &ring::digest::SHA256,
        ThumbprintHash::SHA384 => &ring::digest::SHA384,
        ThumbprintHash::SHA512 => &ring::digest::SHA512,
        _ => return Err(ErrorKind::UnsupportedAlgorithm.into()),
    };
    Ok(ring::digest::digest(rules, data).as_ref().to_vec())
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::crypto::verify;

    use super::*;

    /// RFC 7515, appendix A.3.
    const MESSAGE: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const SIGNATURE: &str = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    fn key() -> DecodingKey {
        DecodingKey::from_ec_components(
            "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        )
        .unwrap()
    }

    #[test]
    fn the_standards_own_example_is_believed_and_a_changed_one_is_not() {
        install();
        assert!(verify(SIGNATURE, MESSAGE.as_bytes(), &key(), Algorithm::ES256).unwrap());
        assert!(!verify(SIGNATURE, &MESSAGE.as_bytes()[1..], &key(), Algorithm::ES256).unwrap());
        assert!(!verify(SIGNATURE, MESSAGE.as_bytes(), &key(), Algorithm::ES384).unwrap());
    }

    #[test]
    fn a_public_key_is_no_shared_secret() {
        install();
        let secret = DecodingKey::from_secret(b"known to all");
        assert!(verify(SIGNATURE, MESSAGE.as_bytes(), &secret, Algorithm::HS256).is_err());
        assert!(verify(SIGNATURE, MESSAGE.as_bytes(), &key(), Algorithm::HS256).is_err());
        assert!(verify(SIGNATURE, MESSAGE.as_bytes(), &key(), Algorithm::RS256).is_err());
    }
}
