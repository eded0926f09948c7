//! TLS of the connections that read from Postgres, with the same meaning of `sslmode` as for the connections that write.
//!
//! `disable`, `prefer` (the default) and `require` work as in libpq: they encrypt but do not check the server. `verify-ca` and
//! `verify-full` check its certificate and host name against `sslrootcert` (a PEM file), or against the usual authorities.

use crate::store::read::ReadError;
use std::sync::Arc;
use tokio_postgres::{Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::{
    self, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject as _},
};

/// The settings of the driver and of TLS for an address.
pub(super) fn read(url: &str) -> Result<(Config, MakeRustlsConnect), ReadError> {
    let refuse = |text: String| ReadError::Unavailable(text);
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let (mut mode, mut roots, mut rest) = (None, None, form_urlencoded::Serializer::new(String::new()));
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "sslmode" | "ssl-mode" => mode = Some(value.into_owned()),
            "sslrootcert" | "ssl-root-cert" => roots = Some(value.into_owned()),
            // A setting of the connections that write, which this driver does not know.
            "statement-cache-capacity" => {}
            _ => {
                rest.append_pair(&name, &value);
            }
        }
    }
    let rest = rest.finish();
    let url = if rest.is_empty() { base.to_owned() } else { format!("{base}?{rest}") };
    let mut config: Config =
        url.parse().map_err(|error| refuse(format!("the address of the database is not valid: {error}")))?;
    let (ssl, verified) = match mode.as_deref().unwrap_or("prefer") {
        "disable" => (SslMode::Disable, false),
        "allow" | "prefer" => (SslMode::Prefer, false),
        "require" => (SslMode::Require, false),
        "verify-ca" | "verify-full" => (SslMode::Require, true),
        other => {
            return Err(refuse(format!(
                "sslmode={other} is not supported: use disable, prefer, require, verify-ca or verify-full"
            )));
        }
    };
    config.ssl_mode(ssl);
    Ok((config, MakeRustlsConnect::new(client(verified, roots.as_deref())?)))
}

fn client(verified: bool, roots: Option<&str>) -> Result<ClientConfig, ReadError> {
    let refuse = |text: String| ReadError::Unavailable(text);
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| refuse(error.to_string()))?;
    if !verified {
        let any_certificate = Arc::new(AnyCertificate(provider));
        return Ok(builder.dangerous().with_custom_certificate_verifier(any_certificate).with_no_client_auth());
    }
    let mut root_certificates = RootCertStore::empty();
    if let Some(file) = roots {
        let unreadable = |error: rustls::pki_types::pem::Error| refuse(format!("sslrootcert={file}: {error}"));
        for certificate in CertificateDer::pem_file_iter(file).map_err(unreadable)? {
            let certificate = certificate.map_err(unreadable)?;
            root_certificates.add(certificate).map_err(|error| refuse(format!("sslrootcert={file}: {error}")))?;
        }
    } else {
        root_certificates.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    Ok(builder.with_root_certificates(root_certificates).with_no_client_auth())
}

/// Accepts any certificate, as libpq does below `verify-ca`.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mode_of_encryption_is_read_as_libpq_reads_it() {
        let mode =
            |query: &str| read(&format!("postgres://u@h/d{query}")).ok().map(|(config, _)| config.get_ssl_mode());
        assert_eq!(mode(""), Some(SslMode::Prefer));
        assert_eq!(mode("?sslmode=disable"), Some(SslMode::Disable));
        assert_eq!(mode("?sslmode=require"), Some(SslMode::Require));
        assert_eq!(mode("?sslmode=verify-full"), Some(SslMode::Require));
        assert_eq!(mode("?sslmode=maybe"), None);
        assert_eq!(mode("?sslmode=verify-full&sslrootcert=/no/such/file"), None);
    }

    #[test]
    fn other_settings_of_the_address_are_kept() {
        let (config, _) = read("postgres://u@h/d?application_name=x&sslmode=disable").expect("the address is good");
        assert_eq!(config.get_application_name(), Some("x"));
    }
}
