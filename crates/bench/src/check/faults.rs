//! What is done to the servers, and to what is between them, while they are written to.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::ValueEnum;
use faff_types::Point;

use super::arguments::Stored;
use super::history::{Heal, Micros};
use super::place::Place;
use super::process::Disk;
use super::proxy::Mode;
use super::stage::Stage;
use crate::Outcome;
use crate::random::Rng;

/// How long a server may call itself ready while its database is away.
const UNAWARE: Duration = Duration::from_secs(20);
/// How long it may take until a server comes to a point so many times.
const REACHED: Duration = Duration::from_secs(20);
/// Seconds by which a clock is off at most: less than a login lasts.
const SHIFT: i64 = 12 * 3_600;

/// What is done to the servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Fault {
    /// Nothing; the servers hear each other through the database.
    None,
    /// Nothing; the servers hear each other through a Redis.
    Redis,
    /// Their Redis is killed, and is away for some seconds.
    RedisKill,
    /// Their Redis stands still for some seconds.
    RedisStall,
    /// The connections by which they hear each other through the database are ended.
    ListenCut,
    /// One of them is killed, and is away for a moment.
    KillNode,
    /// One of them dies at a chosen line: where a file is stored, before a commit, behind it, before others are told …
    DieAt,
    /// One of them is asked to end and started again, as when a new version comes.
    DrainNode,
    /// One of them is asked to end, and the version before is started in its place; or it again.
    ReplaceNode,
    /// One of them stands still for some seconds.
    FreezeNode,
    /// The clock of one of them is off by hours for some seconds.
    ClockJump,
    /// The disk of one of them takes nothing for a moment: each write to a file and each flush fails.
    SickDisk,
    /// PostgreSQL is stopped in the middle of whatever it does, and started again.
    PostgresStop,
    /// One of a server's connections to PostgreSQL is ended.
    BackendKill,
    /// What is between a server and PostgreSQL is cut, or takes nothing any more, one way or both.
    Partition,
    /// What is between clients and servers is cut, slow, or takes nothing any more, one way or both.
    FlakyClients,
    /// Half of the readers stop reading for a while, again and again.
    StallReaders,
    /// All readers are cut off at once, and all come back at once.
    Storm,
    /// The answer to a post is cut off at each of its bytes, and the post is sent again.
    CutAnswers,
}

/// Something that is done once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Strike {
    /// Microseconds after the beginning, unless what was before takes longer.
    at: Micros,
    /// Which server, of as many as there are.
    node: usize,
    mode: Mode,
    /// Seconds by which a clock is off.
    shift: i64,
    /// Where a server dies, at the how manyth time that it comes there.
    point: (Point, u32),
    /// For how long.
    away: Duration,
}

impl Fault {
    /// What it is called in reports.
    pub(super) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Whether it can be done to servers on this engine.
    pub(super) const fn fits(self, engine: Stored) -> bool {
        match self {
            Self::None
            | Self::KillNode
            | Self::DieAt
            | Self::DrainNode
            | Self::ReplaceNode
            | Self::FreezeNode
            | Self::ClockJump
            | Self::FlakyClients
            | Self::StallReaders
            | Self::Storm
            | Self::CutAnswers => true,
            // PostgreSQL's files are on a disk of its own.
            Self::SickDisk => matches!(engine, Stored::Sqlite),
            Self::Redis
            | Self::RedisKill
            | Self::RedisStall
            | Self::ListenCut
            | Self::PostgresStop
            | Self::BackendKill
            | Self::Partition => matches!(engine, Stored::Postgres),
        }
    }

    /// Milliseconds between one end and the next strike on average, and for how long it may strike.
    const fn rhythm(self) -> Option<(i64, (i64, i64))> {
        match self {
            Self::None | Self::Redis | Self::StallReaders | Self::CutAnswers => None,
            Self::RedisKill | Self::RedisStall => Some((5_000, (1_000, 5_000))),
            Self::ListenCut => Some((1_000, (0, 1))),
            Self::KillNode | Self::DieAt | Self::DrainNode | Self::ReplaceNode => Some((1_500, (0, 800))),
            // Its library looks once a second what time it is to be.
            Self::ClockJump => Some((2_000, (1_500, 5_000))),
            Self::SickDisk => Some((1_500, (50, 1_500))),
            Self::FreezeNode => Some((4_000, (2_000, 8_000))),
            Self::PostgresStop => Some((2_500, (0, 1_500))),
            Self::BackendKill => Some((200, (0, 1))),
            Self::Partition => Some((2_500, (500, 6_000))),
            Self::FlakyClients => Some((1_000, (100, 4_000))),
            Self::Storm => Some((6_000, (0, 1))),
        }
    }

    /// All that will be done in this time. The same seed gives the same.
    pub(super) fn strikes(self, seed: u64, time: Duration) -> Vec<Strike> {
        const MODES: [Mode; 5] = [Mode::Cut, Mode::Stalled, Mode::Deaf, Mode::Mute, Mode::Slow];
        let Some((mean, (shortest, longest))) = self.rhythm() else { return Vec::new() };
        let mut rng = Rng::new(seed.wrapping_mul(0x5851_f42d_4c95_7f2d) ^ self as u64);
        let end = Micros::try_from(time.as_micros()).unwrap_or(Micros::MAX);
        let mut strikes = Vec::new();
        let mut at = 0;
        loop {
            // Any moment is as likely as any other.
            at += 1_000 * u64::try_from(mean / 3 + rng.below(mean * 4 / 3)).unwrap_or(0) + rng.next() % 1_000;
            let away = u64::try_from(shortest + rng.below(longest - shortest)).unwrap_or(0);
            let (node, mode) =
                (usize::try_from(rng.below(1 << 20)).unwrap_or(0), rng.pick(&MODES, Mode::Cut));
            let shift = rng.below(2 * SHIFT) - SHIFT;
            // Each point in its turn.
            let point = Point::ALL.get(strikes.len() % Point::ALL.len()).copied();
            // Files are few.
            let most = if point == Some(Point::FileStored) { 8 } else { 100 };
            let times = u32::try_from(1 + rng.below(100) % most).unwrap_or(1);
            if at >= end {
                return strikes;
            }
            let point = (point.unwrap_or(Point::BeforeCommit), times);
            strikes.push(Strike { at, node, mode, shift, point, away: Duration::from_millis(away) });
            at += away * 1_000;
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Struck {
    pub(super) heals: Vec<Heal>,
    /// Milliseconds that servers took to end when they were asked to.
    pub(super) drains: Vec<f64>,
    /// How often servers died at each point.
    pub(super) deaths: BTreeMap<Point, u32>,
    /// What a server did that it must not.
    pub(super) wrongs: Vec<String>,
}

/// Strikes for so long, and heals after the last time.
pub(super) async fn strike(
    (fault, seed): (Fault, u64),
    place: &mut Place,
    stage: &Stage,
    time: Duration,
) -> Outcome<Struck> {
    let clock = stage.clock;
    let begun = clock.now();
    let left = |at: Micros| Duration::from_micros((begun + at).saturating_sub(clock.now()));
    let mut struck = Struck::default();
    for strike in fault.strikes(seed, time) {
        tokio::time::sleep(left(strike.at)).await;
        once((fault, strike), place, stage, &mut struck).await?;
    }
    tokio::time::sleep(left(Micros::try_from(time.as_micros())?)).await;
    if fault == Fault::DieAt {
        let missed = Point::ALL.into_iter().filter(|point| !struck.deaths.contains_key(point));
        let missed = missed.map(|point| format!("the run was too short to die {}", point.name()));
        struck.wrongs.extend(missed.collect::<Vec<_>>());
    }
    Ok(struck)
}

async fn once(
    (fault, strike): (Fault, Strike),
    place: &mut Place,
    stage: &Stage,
    struck: &mut Struck,
) -> Outcome<()> {
    let Strike { away, mode, shift, .. } = strike;
    let node = strike.node % place.nodes.len().max(1);
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
            if place.cut("query ilike 'listen%'").await? == 0 {
                return Ok(());
            }
        }
        (Fault::BackendKill, ..) => {
            if place.cut("query not ilike 'listen%' order by random() limit 1").await? == 0 {
                return Ok(());
            }
        }
        (Fault::KillNode | Fault::DrainNode | Fault::ReplaceNode, _, Some(server)) => {
            if fault == Fault::KillNode {
                server.kill()?;
            } else {
                struck.drains.push(server.terminate().await?);
            }
            if fault == Fault::ReplaceNode {
                server.replace();
            }
            tokio::time::sleep(away).await;
            heal = Heal { at: 0, node: Some(node), ready: server.start().await? };
        }
        (Fault::DieAt, _, Some(server)) => {
            let (point, times) = strike.point;
            server.die_at(Some((point, times)))?;
            let died = server.ends_itself(REACHED).await?;
            server.die_at(None)?;
            if !died {
                struck.wrongs.push(format!("a server did not come {} {times} times", point.name()));
                return Ok(());
            }
            *struck.deaths.entry(point).or_default() += 1;
            tokio::time::sleep(away).await;
            heal = Heal { at: 0, node: Some(node), ready: server.start().await? };
        }
        (Fault::ClockJump, _, Some(server)) => {
            server.set_clock(shift)?;
            tokio::time::sleep(away).await;
            server.set_clock(0)?;
        }
        (Fault::SickDisk, _, Some(server)) => {
            server.set_disk(Disk::Sick)?;
            tokio::time::sleep(away).await;
            server.set_disk(Disk::Well)?;
        }
        (Fault::FreezeNode, _, Some(server)) => {
            server.signal("-STOP")?;
            tokio::time::sleep(away).await;
            server.signal("-CONT")?;
            heal.node = Some(node);
        }
        (Fault::PostgresStop, ..) => {
            place.postmaster()?.stop().await?;
            for server in &place.nodes {
                if !server.becomes_unready(UNAWARE).await {
                    struck.wrongs.push("a server calls itself ready without its database".to_owned());
                }
            }
            tokio::time::sleep(away).await;
            heal.ready = place.restart_postgres().await?;
        }
        (Fault::Partition, ..) => {
            place.between_database(mode);
            tokio::time::sleep(away).await;
            place.between_database(Mode::Open);
        }
        (Fault::FlakyClients, ..) => {
            place.between_clients(node, mode);
            tokio::time::sleep(away).await;
            place.between_clients(node, Mode::Open);
        }
        (Fault::Storm, ..) => stage.storm.send_modify(|storms| *storms += 1),
        _ => return Ok(()),
    }
    struck.heals.push(Heal { at: stage.clock.now(), ..heal });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_is_the_same_plan_and_another_is_another() {
        let minute = Duration::from_mins(1);
        for fault in Fault::value_variants() {
            let strikes = fault.strikes(5, minute);
            assert_eq!(strikes, fault.strikes(5, minute));
            assert_eq!(strikes.is_empty(), fault.rhythm().is_none());
            assert!(strikes.is_empty() || strikes != fault.strikes(6, minute), "{fault:?}");
            assert!(strikes.is_sorted_by_key(|strike| strike.at));
        }
        let kills = Fault::KillNode.strikes(5, minute).len();
        assert!((20..50).contains(&kills), "{kills}");
    }
}
