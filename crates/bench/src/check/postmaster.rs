//! PostgreSQL's first process: found by its data folder, stopped in the middle of whatever it does, and started again as it
//! was.

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use tokio_postgres::Client;

use super::process::{PATIENCE, POLL};
use crate::Outcome;

/// PostgreSQL, as it was started.
#[derive(Debug)]
pub(super) struct Postmaster {
    program: PathBuf,
    data: PathBuf,
    /// Whom it belongs to.
    owner: (u32, u32),
    child: Option<Child>,
}

impl Postmaster {
    /// Finds the one that answers.
    pub(super) async fn find(admin: &Client) -> Outcome<Self> {
        let data: String = admin.query_one("show data_directory", &[]).await?.get(0);
        let data = PathBuf::from(data);
        let process = format!("/proc/{}", pid(&data)?);
        let program = std::fs::read_link(format!("{process}/exe"))?;
        let owner = std::fs::metadata(&data)?;
        Ok(Self { program, data, owner: (owner.uid(), owner.gid()), child: None })
    }

    /// Stops it as `pg_ctl stop --mode=immediate` does: nothing is written any more, and the next start recovers.
    pub(super) async fn stop(&mut self) -> Outcome<()> {
        let pid = pid(&self.data)?;
        let sent = Command::new("kill").args(["-QUIT", &pid.to_string()]).status()?;
        if !sent.success() {
            return Err("PostgreSQL could not be stopped".into());
        }
        let asked = Instant::now();
        let mut ended = false;
        // It takes its note away when its last process has ended.
        while !ended || self.data.join("postmaster.pid").exists() {
            if asked.elapsed() > PATIENCE {
                return Err("PostgreSQL did not end when it was told to".into());
            }
            ended = match &mut self.child {
                Some(child) => child.try_wait()?.is_some(),
                None => true,
            };
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// Starts it; when it answers is for others to find out.
    pub(super) fn start(&mut self) -> Outcome<()> {
        let mut command = Command::new(&self.program);
        command.arg("-D").arg(&self.data).current_dir(&self.data).env("LC_ALL", "C");
        if std::fs::metadata("/proc/self")?.uid() != self.owner.0 {
            command.uid(self.owner.0).gid(self.owner.1);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        self.child = Some(command.spawn()?);
        Ok(())
    }
}

/// Its number, by its note.
fn pid(data: &std::path::Path) -> Outcome<u32> {
    let note = std::fs::read_to_string(data.join("postmaster.pid"))?;
    Ok(note.lines().next().unwrap_or_default().trim().parse()?)
}
