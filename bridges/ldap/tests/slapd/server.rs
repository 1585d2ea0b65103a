//! A real `slapd` for a test: its own folder, ports, certificate and people.

use ldap3::{LdapConn, Mod};
use std::collections::HashSet;
use std::fmt::Write;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Below it lies everything.
pub const BASE: &str = "dc=ministry,dc=example";
/// As whom the bridge reads.
pub const BRIDGE: &str = "cn=bridge,dc=ministry,dc=example";
/// Is shown ten entries at most.
pub const SHORT_SIGHTED: &str = "cn=short,dc=ministry,dc=example";
/// Everybody's here.
pub const PASSWORD: &str = "a directory's password";
/// Starting takes a tenth of a second on an idle machine.
const START_MAX: Duration = Duration::from_secs(30);

/// The program: `VIKNO_SLAPD`, else where systems have it.
pub fn find() -> Option<PathBuf> {
    if let Some(given) = std::env::var_os("VIKNO_SLAPD") {
        return Some(given.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    // It is no program for everybody, so it is not in everybody's path.
    let hidden = [
        "/usr/sbin",
        "/usr/local/sbin",
        "/usr/local/libexec",
        "/usr/libexec",
    ]
    .map(PathBuf::from);
    std::env::split_paths(&path)
        .chain(hidden)
        .map(|folder| folder.join("slapd"))
        .find(|file| file.is_file())
}

/// A running directory; dropping it ends it.
pub struct Slapd {
    child: Child,
    folder: tempfile::TempDir,
    plain: u16,
    tls: u16,
}

impl Slapd {
    /// Starts one with these entries beside those that the bridge needs.
    pub fn start(entries: &str) -> Self {
        let program = find().expect("it was looked for before");
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        fs::write(at("certificate.pem"), made.cert.pem()).unwrap();
        fs::write(at("key.pem"), made.signing_key.serialize_pem()).unwrap();
        fs::create_dir(at("data")).unwrap();
        fs::write(at("slapd.conf"), configuration(folder.path())).unwrap();
        fs::write(at("entries.ldif"), format!("{}\n{entries}", base())).unwrap();
        let loaded = Command::new(&program)
            .args(["-T", "add", "-q", "-f"])
            .arg(at("slapd.conf"))
            .arg("-l")
            .arg(at("entries.ldif"))
            .output()
            .unwrap();
        assert!(
            loaded.status.success(),
            "slapadd: {}",
            String::from_utf8_lossy(&loaded.stderr)
        );

        let [plain, tls] = free_ports();
        let child = Command::new(&program)
            .args(["-d", "0", "-f"])
            .arg(at("slapd.conf"))
            .arg("-h")
            .arg(format!("ldap://127.0.0.1:{plain} ldaps://127.0.0.1:{tls}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut slapd = Self {
            child,
            folder,
            plain,
            tls,
        };
        slapd.wait();
        slapd
    }

    fn wait(&mut self) {
        let start = Instant::now();
        while LdapConn::new(&self.url()).is_err() {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "slapd ended: {ended:?}");
            assert!(start.elapsed() < START_MAX, "slapd does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// In the open, or with StartTLS.
    pub fn url(&self) -> String {
        format!("ldap://localhost:{}", self.plain)
    }

    /// Encrypted.
    pub fn tls_url(&self) -> String {
        format!("ldaps://localhost:{}", self.tls)
    }

    /// Its certificate.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    /// Does something as its administrator.
    pub fn administer(
        &self,
        act: impl FnOnce(&mut LdapConn) -> ldap3::result::Result<ldap3::LdapResult>,
    ) {
        let mut connection = LdapConn::new(&self.url()).unwrap();
        let root = format!("cn=root,{BASE}");
        connection
            .simple_bind(&root, PASSWORD)
            .unwrap()
            .success()
            .unwrap();
        act(&mut connection).unwrap().success().unwrap();
    }

    /// Gives an attribute of a person this value only.
    pub fn set(&self, login: &str, attribute: &str, value: &str) {
        let change = Mod::Replace(attribute, HashSet::from([value]));
        self.administer(|connection| connection.modify(&person_dn(login), vec![change]));
    }

    /// Removes a person.
    pub fn remove(&self, login: &str) {
        self.administer(|connection| connection.delete(&person_dn(login)));
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has noticed by then.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Both are held at once, so they differ.
fn free_ports() -> [u16; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

/// As Active Directory does, it gives no more than 1,000 entries at once.
fn configuration(folder: &Path) -> String {
    let schemas = ["core", "cosine", "inetorgperson"]
        .map(|name| format!("include /etc/ldap/schema/{name}.schema\n"));
    let folder = folder.display();
    let schemas = schemas.concat();
    format!(
        r#"{schemas}
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile {folder}/pid
TLSCertificateFile {folder}/certificate.pem
TLSCertificateKeyFile {folder}/key.pem
database mdb
suffix "{BASE}"
rootdn "cn=root,{BASE}"
rootpw "{PASSWORD}"
directory {folder}/data
maxsize 67108864
overlay memberof
limits dn.exact="{BRIDGE}" size.soft=1000 size.hard=1000 size.prtotal=unlimited
limits dn.exact="{SHORT_SIGHTED}" size.soft=10 size.hard=10 size.prtotal=10
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
"#
    )
}

fn base() -> String {
    let mut text = format!(
        "dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Ministry\ndc: ministry\n\n"
    );
    for unit in ["people", "groups"] {
        writeln!(
            text,
            "dn: ou={unit},{BASE}\nobjectClass: organizationalUnit\nou: {unit}\n"
        )
        .unwrap();
    }
    for dn in [BRIDGE, SHORT_SIGHTED] {
        writeln!(text, "dn: {dn}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\nuserPassword: {PASSWORD}\n").unwrap();
    }
    text
}

/// The name of a person's entry.
pub fn person_dn(login: &str) -> String {
    format!("uid={login},ou=people,{BASE}")
}

/// The name of a group's entry.
pub fn group_dn(name: &str) -> String {
    format!("cn={name},ou=groups,{BASE}")
}

/// A person as LDIF; the name may be any text.
pub fn person(login: &str, name: &str, phone: &str) -> String {
    let dn = person_dn(login);
    let mobile = if phone.is_empty() {
        String::new()
    } else {
        format!("mobile: {phone}\n")
    };
    format!(
        "dn: {dn}\nobjectClass: inetOrgPerson\nuid: {login}\ncn: {name}\nsn: {name}\n{mobile}\n"
    )
}

/// A group as LDIF.
pub fn group(name: &str, members: &[String]) -> String {
    let members: String = members
        .iter()
        .map(|member| format!("member: {member}\n"))
        .collect();
    format!(
        "dn: {}\nobjectClass: groupOfNames\ncn: {name}\n{members}\n",
        group_dn(name)
    )
}
