//! What the people of the company did, step by step in the order of time.

use std::collections::HashMap;

use faff_app::App;
use faff_app::access::{System, Who};
use faff_app::features::files::NewFiles;
use faff_app::features::messages::{self, NewMessage, Revision};
use faff_app::features::people::{self, Rendered};
use faff_app::features::tasks::{self, NewTask, Patch, Priority, Status, Visibility};
use faff_app::http::Problem;
use faff_store::Tx;
use faff_types::{MessageId, TaskId, Timestamp};

use super::company::{Company, Message, Ticket};
use crate::failure::Failure;

/// Something that somebody did.
#[derive(Debug, Clone, Copy)]
enum Step {
    File,
    /// Lets a person in.
    Admit(usize),
    Post(usize),
    Edit(usize),
    Delete(usize),
    Become(Status),
}

/// A step in a ticket: when, in minutes before now, and by whom.
#[derive(Debug, Clone, Copy)]
struct Planned {
    minutes_ago: i64,
    ticket: usize,
    who: usize,
    step: Step,
}

/// Takes every step of the company, each in a transaction of its own: only so does a ticket's log number them.
pub(super) async fn take(
    app: &App,
    company: &Company,
    people: &[Who],
    now: Timestamp,
) -> Result<(), Failure> {
    let tickets = company.tickets.iter().enumerate();
    let mut plan: Vec<Planned> = tickets.flat_map(|(number, ticket)| plan(number, ticket)).collect();
    plan.sort_by_key(|step| std::cmp::Reverse(step.minutes_ago));
    let mut stage = Stage { app, people, tasks: HashMap::new(), messages: HashMap::new() };
    for planned in plan {
        let Some(ticket) = company.tickets.get(planned.ticket) else {
            continue;
        };
        stage.play(ticket, planned, now.plus_millis(-planned.minutes_ago * 60_000)).await?;
    }
    Ok(())
}

/// The steps of a ticket, in order. What the script leaves open (when work began, who closed it) is what is usual.
fn plan(number: usize, ticket: &Ticket) -> Vec<Planned> {
    let worker = ticket.assignee.unwrap_or(ticket.creator);
    let mut steps = Vec::new();
    let mut add = |minutes_ago: i64, who: usize, step: Step| {
        steps.push(Planned { minutes_ago: minutes_ago.max(0), ticket: number, who, step });
    };
    add(ticket.minutes_ago, ticket.creator, Step::File);
    for person in &ticket.participants {
        add(ticket.minutes_ago, ticket.creator, Step::Admit(*person));
    }
    for (n, message) in ticket.messages.iter().enumerate() {
        add(message.minutes_ago, message.author, Step::Post(n));
        if message.edited {
            add(message.minutes_ago - 1, message.author, Step::Edit(n));
        }
        if message.deleted {
            // Nobody answers what is gone.
            let answers = ticket.messages.iter().filter(|answer| answer.reply_to == Some(n));
            let last = answers.map(|answer| answer.minutes_ago).min().unwrap_or(message.minutes_ago);
            add(last - 1, message.author, Step::Delete(n));
        }
    }
    if ticket.status != Status::Open.as_str() {
        let begins =
            ticket.messages.iter().find(|message| message.author == worker).or(ticket.messages.first());
        let begins = begins.map_or(ticket.minutes_ago, |message| message.minutes_ago);
        add(begins, worker, Step::Become(Status::InProgress));
    }
    if let Some(resolved) = ticket.resolved_minutes_ago {
        add(resolved, worker, Step::Become(Status::Resolved));
        if ticket.status == Status::Closed.as_str() {
            add(resolved - 5, ticket.creator, Step::Become(Status::Closed));
        }
    }
    steps.sort_by_key(|step| std::cmp::Reverse(step.minutes_ago));
    steps
}

/// What is there so far.
struct Stage<'a> {
    app: &'a App,
    people: &'a [Who],
    tasks: HashMap<usize, TaskId>,
    messages: HashMap<(usize, usize), MessageId>,
}

impl Stage<'_> {
    async fn play(&mut self, ticket: &Ticket, planned: Planned, at: Timestamp) -> Result<(), Failure> {
        let who = self.person(planned.who)?;
        if let Step::File = planned.step {
            let task = self.filed(ticket).await?;
            let task =
                self.write(async move |tx: &mut Tx<'_>| tasks::create(tx, &who, &task, at).await).await?;
            self.tasks.insert(planned.ticket, task.id);
            return Ok(());
        }
        let task = *self.tasks.get(&planned.ticket).ok_or_else(|| lost("a ticket"))?;
        match planned.step {
            Step::File => {}
            Step::Admit(person) => {
                let person = self.person(person)?.id;
                self.write(async move |tx: &mut Tx<'_>| {
                    tasks::add_participant(tx, &who, task, person, at).await
                })
                .await?;
            }
            Step::Post(n) => {
                let message = said(ticket, n)?;
                let content = if message.edited { hasty(&message.content) } else { message.content.clone() };
                let answered = message.reply_to.map(|n| self.message(planned.ticket, n)).transpose()?;
                let new =
                    NewMessage::check(self.app, Some(&content), answered, None, NewFiles::default()).await?;
                let post = async move |tx: &mut Tx<'_>| messages::post(tx, &who, task, &new, at).await;
                let posted = self.write(post).await?.id;
                self.messages.insert((planned.ticket, n), posted);
            }
            Step::Edit(n) => {
                let (id, content) = (self.message(planned.ticket, n)?, said(ticket, n)?.content.clone());
                let revision = Revision::check(self.app, Some(&content), NewFiles::default()).await?;
                let edit = async move |tx: &mut Tx<'_>| messages::edit(tx, &who, id, &revision, at).await;
                self.write(edit).await?;
            }
            Step::Delete(n) => {
                let id = self.message(planned.ticket, n)?;
                self.write(async move |tx: &mut Tx<'_>| messages::delete(tx, &who, id, at).await).await?;
            }
            Step::Become(status) => {
                let patch = Patch { status: Some(status), ..Patch::default() };
                self.write(async move |tx: &mut Tx<'_>| tasks::change(tx, &who, task, &patch, at).await)
                    .await?;
            }
        }
        Ok(())
    }

    async fn write<T, F>(&self, change: F) -> Result<T, Failure>
    where
        F: AsyncFn(&mut Tx<'_>) -> Result<T, Problem> + Send + Sync + 'static,
        T: Send + 'static,
    {
        Ok(System::for_reason(self.app, "the people of the demo never logged in").write(change).await?)
    }

    /// A ticket as it was when it was filed.
    async fn filed(&self, ticket: &Ticket) -> Result<NewTask, Failure> {
        let mut tags = ticket.tags.clone();
        tags.sort();
        let Rendered { html, mentioned } = people::render(self.app, &ticket.description).await?;
        Ok(NewTask {
            title: ticket.title.clone(),
            description: ticket.description.clone(),
            description_html: html,
            mentioned,
            priority: Priority::parse(ticket.priority).ok_or_else(|| lost("a priority"))?,
            status: Status::Open,
            visibility: Visibility::parse(ticket.visibility).ok_or_else(|| lost("a visibility"))?,
            tags,
            assigned_to_id: ticket.assignee.map(|person| self.person(person)).transpose()?.map(|who| who.id),
        })
    }

    fn person(&self, n: usize) -> Result<Who, Failure> {
        self.people.get(n).cloned().ok_or_else(|| lost("a person"))
    }

    fn message(&self, ticket: usize, n: usize) -> Result<MessageId, Failure> {
        self.messages.get(&(ticket, n)).copied().ok_or_else(|| lost("a message"))
    }
}

fn said(ticket: &Ticket, n: usize) -> Result<&Message, Failure> {
    ticket.messages.get(n).ok_or_else(|| lost("a message"))
}

/// What somebody sent too early: all but the last word.
fn hasty(content: &str) -> String {
    content.rsplit_once(' ').map_or_else(|| format!("{content} …"), |(begun, _)| begun.to_owned())
}

/// The script refers to something that it does not have.
fn lost(what: &str) -> Failure {
    Failure::work(format!("the script of the demo lacks {what}"))
}
