//! Whether what was acknowledged is kept, and comes to everyone, while servers, their Redis and their notifications fail.
//!
//! A run has senders, readers and a fault. All that is asked, answered and heard is written down ([`history`]); when all is
//! quiet again, it is held against what there is ([`judge`]). To show that the check finds what it looks for, each run is
//! checked again with a mistake planted in what was written down ([`plant`]); and servers that make a mistake on purpose
//! ([`faff_types::Planted`]) have to be found out.

mod arguments;
mod courier;
mod faults;
mod figures;
mod history;
mod judge;
mod place;
mod plan;
mod plant;
mod postmaster;
mod process;
mod proxy;
mod reader;
mod report;
mod rest;
mod run;
mod sender;
mod stage;
#[cfg(test)]
mod tests;
mod truth;
mod verdict;

use std::path::PathBuf;

use tokio::signal::unix::{SignalKind, signal};

use crate::{Outcome, lock, machine, run as bench};
use plan::Plan;
use report::Report;
use run::Run;

pub(crate) use arguments::CheckArguments;

/// Runs in which a mistake on purpose has to be found.
const TRIES: u32 = 5;

/// Does what was asked for, reports, and fails when anything is wrong, or a mistake on purpose was not found.
pub(crate) async fn measure(arguments: &CheckArguments) -> Outcome<()> {
    let plans = arguments.plans()?;
    let folder = bench::target()?.join("check");
    let _alone = lock::hold(&folder)?;
    let (load, count) = (machine::load(), plans.len());
    let mut terminate = signal(SignalKind::terminate())?;
    let mut runs = Vec::new();
    for (number, plan) in plans.into_iter().enumerate() {
        let ran = tokio::select! {
            ran = settled(arguments, plan, folder.join(format!("run{number}"))) => ran?,
            // What was started ends with what is dropped.
            _ = tokio::signal::ctrl_c() => return Err("stopped".into()),
            _ = terminate.recv() => return Err("stopped".into()),
        };
        eprintln!("{}/{count} {}", number + 1, ran.short());
        for (rule, sentence) in ran.verdict.sentences.iter().filter(|_| plan.mistake.is_none()) {
            eprintln!("  {}: {sentence}", rule.broken());
        }
        runs.push(ran);
    }
    let wrong = runs.iter().filter(|run| !run.is_fine()).count();
    let report = Report { machine: machine::description(), load, runs };
    crate::publish(&report.markdown(), &report.json(), arguments.out.as_deref())?;
    if wrong == 0 { Ok(()) } else { Err(format!("{wrong} of {count} runs are not as they must be").into()) }
}

/// Carries out a plan. A mistake that needs a moment to show may miss it: it has to be found in one of [`TRIES`] runs.
async fn settled(arguments: &CheckArguments, plan: Plan, folder: PathBuf) -> Outcome<run::Ran> {
    let mut plan = plan;
    let mut tries = 1;
    loop {
        let ran = Run { arguments, plan }.carry_out(folder.clone()).await;
        let ran = ran.map_err(|error| format!("{}: {error}", plan.name()))?;
        if ran.is_fine() || plan.mistake.is_none() || tries == TRIES {
            return Ok(ran);
        }
        eprintln!("{}, so once more", ran.short());
        (plan.seed, tries) = (plan.seed + 1, tries + 1);
    }
}
