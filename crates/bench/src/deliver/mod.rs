//! Whether what was acknowledged is kept, and comes to everyone, while servers, their Redis and their notifications fail.
//!
//! A run has senders, readers and a fault. All that is asked, answered and heard is written down ([`history`]); when all is
//! quiet again, it is held against what there is ([`check`]). To show that the check finds what it looks for, each run is
//! checked again with a mistake planted in what was written down ([`plant`]).

mod arguments;
mod check;
mod faults;
mod figures;
mod history;
mod place;
mod plant;
mod process;
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

use crate::{Outcome, lock, machine, run as bench};
use report::Report;
use run::Plan;

pub(crate) use arguments::DeliverArguments;

/// Does what was asked for, reports, and fails when anything is wrong.
pub(crate) async fn measure(arguments: &DeliverArguments) -> Outcome<()> {
    arguments.check()?;
    let target = bench::target()?;
    let folder = target.join("bench");
    let _alone = lock::hold(&folder)?;
    let program = match &arguments.server {
        Some(path) => std::fs::canonicalize(path)?,
        None => bench::build(&target)?,
    };
    let load = machine::load();
    let mut runs = Vec::new();
    for &tickets in &arguments.tickets {
        for &fault in &arguments.fault {
            let plan = Plan { arguments, fault, tickets, program: &program, seed: arguments.seed };
            let ran = plan.run(folder.join(format!("deliver/{tickets}-{}", fault.name()))).await?;
            eprintln!("{}", ran.short());
            for (rule, sentence) in &ran.verdict.sentences {
                eprintln!("  {}: {sentence}", rule.broken());
            }
            runs.push(ran);
        }
    }
    let fine = runs.iter().all(run::Ran::is_fine);
    let DeliverArguments { seconds, rate, nodes, seed, .. } = arguments;
    let rate =
        if *rate == 0 { "as many requests as are answered".to_owned() } else { format!("{rate} requests/s") };
    let sides = if arguments.one_sided { ", all to the first server" } else { "" };
    let settings = format!("Servers: {nodes}; {rate}{sides}, for {seconds} s a run; seed {seed}.");
    let report = Report { machine: machine::description(), settings, load, runs };
    let seconds = std::time::Duration::from_secs(*seconds).as_secs_f64();
    crate::publish(&report.markdown(seconds), &report.json(seconds), arguments.out.as_deref())?;
    if fine { Ok(()) } else { Err("something is broken".into()) }
}
