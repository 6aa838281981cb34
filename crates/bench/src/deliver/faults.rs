//! What is done to the servers while they are written to.

use std::time::Duration;

use clap::ValueEnum;

use super::history::{Clock, Heal, Micros};
use super::place::Place;
use crate::Outcome;

/// What is done to the servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Fault {
    /// Nothing; the servers hear each other through the database.
    None,
    /// Nothing; the servers hear each other through a Redis.
    Redis,
    /// Their Redis is killed every ten seconds, and is away for four.
    RedisKill,
    /// Their Redis stands still every ten seconds, for four.
    RedisStall,
    /// The connections by which they hear each other through the database are ended every second.
    ListenCut,
    /// One of them is killed every fifteen seconds, in turn, and is away for three.
    KillNode,
    /// One of them is asked to end every fifteen seconds, in turn, and is away for three.
    DrainNode,
}

impl Fault {
    /// What it is called in reports.
    pub(super) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// How often it strikes, and for how long each time; the first time comes after a third of that.
    const fn rhythm(self) -> Option<(Duration, Duration)> {
        match self {
            Self::None | Self::Redis => None,
            Self::RedisKill | Self::RedisStall => Some((Duration::from_secs(10), Duration::from_secs(4))),
            Self::ListenCut => Some((Duration::from_secs(1), Duration::ZERO)),
            Self::KillNode | Self::DrainNode => Some((Duration::from_secs(15), Duration::from_secs(3))),
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Struck {
    pub(super) heals: Vec<Heal>,
    /// Milliseconds that servers took to end when they were asked to.
    pub(super) drains: Vec<f64>,
}

/// Strikes for so long, and heals after the last time.
pub(super) async fn strike(fault: Fault, place: &mut Place, clock: Clock, time: Duration) -> Outcome<Struck> {
    let until = clock.now() + Micros::try_from(time.as_micros())?;
    let left = |until: Micros| Duration::from_micros(until.saturating_sub(clock.now()));
    let mut struck = Struck::default();
    let Some((every, away)) = fault.rhythm() else {
        tokio::time::sleep(time).await;
        return Ok(struck);
    };
    let mut next = clock.now() + Micros::try_from(every.as_micros() / 3)?;
    for turn in 0.. {
        if next >= until {
            break;
        }
        tokio::time::sleep(left(next)).await;
        next += Micros::try_from(every.as_micros())?;
        once(fault, place, clock, (turn, away), &mut struck).await?;
    }
    tokio::time::sleep(left(until)).await;
    Ok(struck)
}

async fn once(
    fault: Fault,
    place: &mut Place,
    clock: Clock,
    (turn, away): (usize, Duration),
    struck: &mut Struck,
) -> Outcome<()> {
    let node = turn % place.nodes.len().max(1);
    let mut heal = Heal { at: 0, node: None, ready: f64::NAN };
    match (fault, &mut place.redis, place.nodes.get_mut(node)) {
        (Fault::RedisKill, Some(redis), _) => {
            redis.kill()?;
            tokio::time::sleep(away).await;
            heal.ready = redis.start().await?;
        }
        (Fault::RedisStall, Some(redis), _) => {
            redis.signal("-STOP")?;
            tokio::time::sleep(away).await;
            redis.signal("-CONT")?;
        }
        (Fault::ListenCut, ..) => {
            if place.cut_listeners().await? == 0 {
                return Ok(());
            }
        }
        (Fault::KillNode | Fault::DrainNode, _, Some(server)) => {
            if fault == Fault::KillNode {
                server.kill()?;
            } else {
                struck.drains.push(server.terminate().await?);
            }
            tokio::time::sleep(away).await;
            heal = Heal { at: 0, node: Some(node), ready: server.start().await? };
        }
        _ => return Ok(()),
    }
    struck.heals.push(Heal { at: clock.now(), ..heal });
    Ok(())
}
