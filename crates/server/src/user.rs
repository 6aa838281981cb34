//! `faff user …`: accounts, for whoever holds the command line. A server that runs beside notices within a second.

use clap::Subcommand;
use faff_app::App;
use faff_app::access::{Role, System};
use faff_app::features::people::{self, Found};
use faff_app::http::Code;
use faff_store::Tx;
use faff_types::{Random, Secret};

use crate::failure::{Failure, say};
use crate::settings::Settings;
use crate::{key, open};

/// What can be done to accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make an account; prints a generated password unless one is given
    Create {
        /// E-mail address, one account each
        #[arg(long)]
        email: String,
        /// The name that others see
        #[arg(long)]
        name: String,
        /// Make an administrator
        #[arg(long)]
        admin: bool,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Make an account an administrator's, or an ordinary user's; its logins end
    SetRole {
        /// The account's e-mail address
        email: String,
        /// admin or user
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Keep an account from logging in; its logins end
    Deactivate {
        /// The account's e-mail address
        email: String,
    },
    /// Let a deactivated account log in again
    Activate {
        /// The account's e-mail address
        email: String,
    },
    /// Give an account a new password, generated unless one is given; its logins end
    ResetPassword {
        /// The account's e-mail address
        email: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "expected admin or user".to_owned())
}

/// Does what the command says.
pub(crate) async fn run(settings: Settings, command: Command) -> Result<(), Failure> {
    if !matches!(command, Command::Create { .. }) {
        // Where nothing is, there is no account either; more likely it is somewhere else.
        open::there(&settings)?;
    }
    let app = open::app(&settings, key::throwaway()?).await?;
    let access = async |email: &str, role: Option<Role>, active: Option<bool>| {
        let found = find(&app, email).await?;
        let user = people::set_access(&app, &found, role, active).await?;
        let activity = if user.active { "active" } else { "deactivated" };
        say(&format!("{} is {} and {activity}", user.email, user.role.as_str()));
        Ok(())
    };
    match command {
        Command::Create { email, name, admin, password_stdin } => {
            let password = Password::choose(password_stdin)?;
            let role = if admin { Role::Admin } else { Role::User };
            create(&app, &email, &name, role, &password).await
        }
        Command::SetRole { email, role } => access(&email, Some(role), None).await,
        Command::Deactivate { email } => access(&email, None, Some(false)).await,
        Command::Activate { email } => access(&email, None, Some(true)).await,
        Command::ResetPassword { email, password_stdin } => {
            let password = Password::choose(password_stdin)?;
            let found = find(&app, &email).await?;
            people::set_password(&app, &found, &email, &password.text).await?;
            say(&format!("{email} has a new password{}", password.shown()));
            Ok(())
        }
    }
}

/// Finds an account by any form of its address.
pub(crate) async fn find(app: &App, email: &str) -> Result<Found, Failure> {
    people::find_by_email(app, email).await.map_err(|problem| match problem.code() {
        Code::NotFound => Failure::work(format!("there is no account with the address {email}")),
        _ => problem.into(),
    })
}

async fn create(app: &App, email: &str, name: &str, role: Role, password: &Password) -> Result<(), Failure> {
    let account = people::prepare(app, name, email, &password.text).await?;
    let now = app.now();
    let user = System::for_reason(app, "whoever holds the command line makes an account")
        .write(async move |tx: &mut Tx<'_>| people::create(tx, None, &account, role, now).await)
        .await?;
    say(&format!("made {} ({}, id {}){}", user.email, role.as_str(), user.id, password.shown()));
    Ok(())
}

/// A password for an account.
pub(crate) struct Password {
    pub(crate) text: Secret,
    generated: bool,
}

impl Password {
    fn choose(from_stdin: bool) -> Result<Self, Failure> {
        if !from_stdin {
            return Self::generate();
        }
        let mut line = String::new();
        let read = std::io::stdin().read_line(&mut line);
        read.map_err(|error| Failure::work(format!("standard input cannot be read: {error}")))?;
        Ok(Self { text: Secret::new(line.trim_end_matches(['\r', '\n']).to_owned()), generated: false })
    }

    /// Makes one of 80 random bits, in groups that can be read out.
    pub(crate) fn generate() -> Result<Self, Failure> {
        let groups: Result<Vec<String>, _> = (0..5).map(|_| Random.hex::<2>()).collect();
        let groups = groups.map_err(|error| Failure::work(format!("no randomness: {error}")))?;
        Ok(Self { text: Secret::new(groups.join("-")), generated: true })
    }

    /// What to print of it: one that somebody typed is known already.
    fn shown(&self) -> String {
        if self.generated {
            format!("; password, shown only now: {}", self.text.reveal())
        } else {
            String::new()
        }
    }
}
