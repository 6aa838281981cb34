//! Who is connected to this node, and in which rooms; a room is a ticket that somebody has open.
//!
//! Invariants:
//! - In a room, events go out in the order of their `seq`, each once ([`Rooms::wants`], [`Rooms::tell_room`]).
//! - Who joins takes a seat first and reads then: what comes meanwhile waits at the seat, and what was read is not sent
//!   again. What one has read, others in the room may still have to be told.
//! - Whose right to a seat has not been looked at yet is sent nothing, and not seen ([`Rooms::admit_to`]). An event takes
//!   the seat from whose right was looked at before it.
//! - A client that is gone has no seat.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, btree_map};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use faff_socketio::{Frame, Socket};
use faff_types::{Planted, SessionId, TaskId, Timestamp, UserId};

use super::strangers::Strangers;
use crate::access::Who;
use crate::features::people::UserRef;

/// Sockets of one user on one node.
const PER_USER: usize = 100;
/// Rooms that one socket may be in.
const JOINED: usize = 200;
/// People named as being in a room.
const NAMED: usize = 100;

/// Somebody's socket.
#[derive(Debug)]
pub(crate) struct Member {
    number: u64,
    pub(crate) socket: Socket,
    pub(crate) session: SessionId,
    until: Timestamp,
    who: RwLock<Arc<Who>>,
    /// Requests in a row that went beyond a limit.
    pub(crate) refused: AtomicU32,
    /// It knows that it is in; before, it is not told of lists.
    greeted: AtomicBool,
    /// It shows lists, and wants to know where something is said.
    watches: AtomicBool,
}

impl Member {
    /// Says that it knows that it is in.
    pub(crate) fn greet(&self) {
        self.greeted.store(true, Ordering::Release);
    }

    /// Says whether it wants to know where something is said.
    pub(crate) fn watch(&self, on: bool) {
        self.watches.store(on, Ordering::Relaxed);
    }

    fn is_watching(&self) -> bool {
        self.watches.load(Ordering::Relaxed)
    }

    /// The person, as they are now.
    pub(crate) fn who(&self) -> Arc<Who> {
        self.who.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A place in a room.
#[derive(Debug)]
struct Seat {
    member: Arc<Member>,
    right: Right,
    place: Place,
}

#[derive(Debug, Clone, Copy)]
enum Right {
    /// Nobody has looked yet. An event of this number would have taken it away; 0 for none.
    Asked(i64),
    /// The ticket existed for them when its log ended here.
    Seen(i64),
}

/// What a room does with what comes while its member reads the past.
#[derive(Debug)]
enum Place {
    Reading(Vec<(i64, Frame)>),
    /// Has everything up to here.
    Reached(i64),
}

#[derive(Debug, Default)]
struct Room {
    /// Up to here, everyone in it has been told, once that is known.
    told: Option<i64>,
    seats: BTreeMap<u64, Seat>,
}

/// The rooms of this node.
#[derive(Debug, Default)]
pub(crate) struct Rooms {
    state: Mutex<State>,
    pub(crate) strangers: Strangers,
    /// Lasting events sent to rooms, once for each socket.
    deliveries: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    last: u64,
    members: BTreeMap<u64, (Arc<Member>, BTreeSet<TaskId>)>,
    of_user: HashMap<UserId, BTreeSet<u64>>,
    rooms: HashMap<TaskId, Room>,
    /// The last event of a ticket that went out to lists before the log was settled that far.
    ahead: HashMap<TaskId, i64>,
    /// Rooms whose people have changed since it was told.
    changed: HashSet<TaskId>,
}

/// Why somebody could not take a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoSeat {
    /// The socket is in as many rooms as it may be.
    TooMany,
    /// The socket is gone.
    Gone,
}

impl Rooms {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a socket of somebody who is logged in until then; `None` when they have too many.
    pub(crate) fn enter(&self, socket: Socket, who: Arc<Who>, until: Timestamp) -> Option<Arc<Member>> {
        let mut state = self.state();
        let number = state.last + 1;
        let theirs = state.of_user.entry(who.id).or_default();
        if theirs.len() >= PER_USER {
            return None;
        }
        theirs.insert(number);
        state.last = number;
        let session = who.session;
        let (who, refused, greeted) = (RwLock::new(who), AtomicU32::new(0), AtomicBool::new(false));
        let watches = AtomicBool::new(false);
        let member = Arc::new(Member { number, socket, session, until, who, refused, greeted, watches });
        state.members.insert(number, (member.clone(), BTreeSet::new()));
        Some(member)
    }

    /// Takes a socket out, and from all its rooms.
    pub(crate) fn exit(&self, member: &Member) {
        let mut state = self.state();
        let Some((_, joined)) = state.members.remove(&member.number) else { return };
        for task in joined {
            state.vacate(task, member.number);
        }
        let user = member.who().id;
        if let Entry::Occupied(mut theirs) = state.of_user.entry(user) {
            theirs.get_mut().remove(&member.number);
            if theirs.get().is_empty() {
                theirs.remove();
            }
        }
    }

    /// Gives a socket a seat, at which what happens waits until [`Rooms::reach`].
    pub(crate) fn sit(&self, member: &Arc<Member>, task: TaskId) -> Result<(), NoSeat> {
        let mut state = self.state();
        let (_, joined) = state.members.get_mut(&member.number).ok_or(NoSeat::Gone)?;
        if joined.len() >= JOINED && !joined.contains(&task) {
            return Err(NoSeat::TooMany);
        }
        joined.insert(task);
        let seats = &mut state.rooms.entry(task).or_default().seats;
        if let btree_map::Entry::Vacant(seat) = seats.entry(member.number) {
            let (right, place) = (Right::Asked(0), Place::Reading(Vec::new()));
            seat.insert(Seat { member: member.clone(), right, place });
        }
        Ok(())
    }

    /// Says that the ticket existed for a socket when its log ended at `seq`. `false` when that is no longer so.
    pub(crate) fn admit_to(&self, member: &Member, task: TaskId, seq: i64) -> bool {
        let mut state = self.state();
        let Some(room) = state.rooms.get_mut(&task) else { return false };
        let Some(seat) = room.seats.get_mut(&member.number) else { return false };
        match seat.right {
            Right::Asked(taken) if seq < taken => return false,
            Right::Asked(_) => {
                seat.right = Right::Seen(seq);
                state.changed.insert(task);
            }
            Right::Seen(_) => seat.right = Right::Seen(seq),
        }
        true
    }

    /// Says that a socket was at the end of the log, `seq`, and with `all` that it has everything up to there: sends it
    /// the answer, and then what has waited. `false` when it has lost its seat meanwhile; then nothing is sent.
    pub(crate) fn reach(
        &self,
        member: &Member,
        task: TaskId,
        (seq, all): (i64, bool),
        answer: impl FnOnce(),
    ) -> bool {
        let mut state = self.state();
        let Some(room) = state.rooms.get_mut(&task) else { return false };
        let alone = room.seats.len() == 1;
        let Some(seat) = room.seats.get_mut(&member.number) else { return false };
        answer();
        match &mut seat.place {
            Place::Reading(waiting) => {
                if Planted::SeatForgets.is_on() {
                    waiting.clear();
                }
                for (_, frame) in waiting.iter().filter(|(event, _)| *event > seq) {
                    member.socket.send(frame);
                }
                seat.place = Place::Reached(seq);
            }
            // Who joins again, and asks for nothing, is still sent what is on its way.
            Place::Reached(reached) if all => *reached = seq.max(*reached),
            Place::Reached(_) => {}
        }
        if alone && room.told.is_none() {
            room.told = Some(seq);
        }
        true
    }

    /// Takes a socket out of a room.
    pub(crate) fn leave(&self, member: &Member, task: TaskId) -> bool {
        let mut state = self.state();
        let Some((_, joined)) = state.members.get_mut(&member.number) else { return false };
        let was_in = joined.remove(&task);
        if was_in {
            state.vacate(task, member.number);
        }
        was_in
    }

    /// Whether a socket is in a room.
    pub(crate) fn is_in(&self, member: &Member, task: TaskId) -> bool {
        self.state().members.get(&member.number).is_some_and(|(_, joined)| joined.contains(&task))
    }

    /// The last event that went out to a room, or was read by the first in it.
    pub(crate) fn told(&self, task: TaskId) -> Option<i64> {
        self.state().rooms.get(&task).and_then(|room| room.told)
    }

    /// Whether an event is the very next one of a room. `None` when nobody is in it.
    pub(crate) fn is_next(&self, task: TaskId, seq: i64) -> Option<bool> {
        let state = self.state();
        state.rooms.get(&task).map(|room| room.told == Some(seq - 1))
    }

    /// Whether an event has yet to go out, to a room or to lists.
    pub(crate) fn wants(&self, task: TaskId, seq: i64, for_lists: bool) -> bool {
        let state = self.state();
        let in_room = state.rooms.get(&task).is_some_and(|room| room.told.is_none_or(|told| told < seq));
        in_room || (for_lists && state.ahead.get(&task).is_none_or(|ahead| *ahead < seq))
    }

    /// Notes that an event for lists went out. One that is not settled will be read again.
    pub(crate) fn passed(&self, task: TaskId, seq: i64, settled: bool) {
        let mut state = self.state();
        if !settled {
            let ahead = state.ahead.entry(task).or_insert(seq);
            *ahead = seq.max(*ahead);
        } else if state.ahead.get(&task).is_some_and(|ahead| *ahead <= seq) {
            state.ahead.remove(&task);
        }
    }

    /// Sends an event to a room, to those who do not have it.
    pub(crate) fn tell_room(&self, task: TaskId, seq: i64, frame: Option<&Frame>) {
        let mut state = self.state();
        let Some(room) = state.rooms.get_mut(&task) else { return };
        if room.told.is_some_and(|told| told >= seq) {
            return;
        }
        room.told = Some(seq);
        let Some(frame) = frame else { return };
        let mut sent = 0;
        for seat in room.seats.values_mut() {
            match &mut seat.place {
                Place::Reading(waiting) => waiting.push((seq, frame.clone())),
                Place::Reached(reached) if *reached < seq => {
                    if Planted::EmitTwice.is_due(200) {
                        seat.member.socket.send(frame);
                    }
                    sent += u64::from(seat.member.socket.send(frame));
                }
                Place::Reached(_) => {}
            }
        }
        self.deliveries.fetch_add(sent, Ordering::Relaxed);
    }

    /// Rooms that there are, and lasting events sent to them, once for each socket.
    pub(super) fn census(&self) -> (usize, u64) {
        (self.state().rooms.len(), self.deliveries.load(Ordering::Relaxed))
    }

    /// Sends something fleeting to a room, but not to `except`.
    pub(crate) fn whisper(&self, task: TaskId, frame: &Frame, except: Option<&Member>) {
        let state = self.state();
        for member in
            state.people(task).filter(|member| except.is_none_or(|except| except.number != member.number))
        {
            member.socket.send(frame);
        }
    }

    /// Sends each socket what is chosen for its user.
    pub(crate) fn tell_people<'f>(&self, choose: impl Fn(&Who) -> Option<&'f Frame>) {
        for (member, _) in self.state().members.values() {
            let greeted = member.greeted.load(Ordering::Acquire);
            if let Some(frame) = choose(&member.who()).filter(|_| greeted) {
                member.socket.send(frame);
            }
        }
    }

    /// The same to those sockets that want to know where something is said.
    pub(crate) fn tell_watchers<'f>(&self, choose: impl Fn(&Who) -> Option<&'f Frame>) {
        for (member, _) in self.state().members.values().filter(|(member, _)| member.is_watching()) {
            if let Some(frame) = choose(&member.who()) {
                member.socket.send(frame);
            }
        }
    }

    /// Whether any socket does.
    pub(crate) fn is_watched(&self) -> bool {
        self.state().members.values().any(|(member, _)| member.is_watching())
    }

    /// Takes those out of a room for whom the ticket does not exist since the event `seq`.
    pub(crate) fn evict(&self, task: TaskId, seq: i64, stays: impl Fn(&Who) -> bool) {
        let mut state = self.state();
        let Some(room) = state.rooms.get_mut(&task) else { return };
        let mut out = Vec::new();
        for (number, seat) in room.seats.iter_mut().filter(|(_, seat)| !stays(&seat.member.who())) {
            match &mut seat.right {
                Right::Asked(taken) => *taken = seq.max(*taken),
                Right::Seen(seen) if *seen < seq => out.push(*number),
                // They have come back since.
                Right::Seen(_) => {}
            }
        }
        for number in out {
            if let Some((_, joined)) = state.members.get_mut(&number) {
                joined.remove(&task);
            }
            state.vacate(task, number);
        }
    }

    /// The sockets of a user.
    pub(crate) fn of_user(&self, user: UserId) -> Vec<Arc<Member>> {
        let state = self.state();
        let theirs = state.of_user.get(&user).into_iter().flatten();
        theirs.filter_map(|number| state.members.get(number)).map(|(member, _)| member.clone()).collect()
    }

    /// The sockets of logins that have run out.
    pub(crate) fn expired(&self, now: Timestamp) -> Vec<Arc<Member>> {
        let state = self.state();
        state
            .members
            .values()
            .map(|(member, _)| member)
            .filter(|member| member.until <= now)
            .cloned()
            .collect()
    }

    /// Notes what a person may do now, and what they are called.
    pub(crate) fn update(&self, member: &Member, who: Arc<Who>) {
        let mut state = self.state();
        *member.who.write().unwrap_or_else(PoisonError::into_inner) = who;
        let joined = state.members.get(&member.number).map(|(_, joined)| joined.clone()).unwrap_or_default();
        state.changed.extend(joined);
    }

    /// The people in a room, each once, by id; not more than [`NAMED`].
    pub(crate) fn people(&self, task: TaskId) -> Vec<UserRef> {
        let state = self.state();
        let mut people: BTreeMap<UserId, UserRef> = BTreeMap::new();
        for member in state.people(task) {
            if people.len() == NAMED {
                break;
            }
            let who = member.who();
            people.entry(who.id).or_insert_with(|| UserRef {
                id: who.id,
                name: who.name.clone(),
                email: who.email.clone(),
            });
        }
        people.into_values().collect()
    }

    /// Notes that a room's people have changed elsewhere.
    pub(crate) fn note_change(&self, task: TaskId) {
        let mut state = self.state();
        if state.rooms.contains_key(&task) {
            state.changed.insert(task);
        }
    }

    /// The rooms whose people have changed since the last call; those that are empty now among them.
    pub(crate) fn take_changed(&self) -> Vec<TaskId> {
        std::mem::take(&mut self.state().changed).into_iter().collect()
    }
}

impl State {
    /// Those in a room who may be there.
    fn people(&self, task: TaskId) -> impl Iterator<Item = &Arc<Member>> {
        let seats = self.rooms.get(&task).map(|room| room.seats.values()).into_iter().flatten();
        seats.filter(|seat| matches!(seat.right, Right::Seen(_))).map(|seat| &seat.member)
    }

    fn vacate(&mut self, task: TaskId, number: u64) {
        if let Entry::Occupied(mut room) = self.rooms.entry(task) {
            room.get_mut().seats.remove(&number);
            if room.get().seats.is_empty() {
                room.remove();
            }
        }
        self.changed.insert(task);
    }
}

impl Member {
    /// Counts a request beyond a limit, and returns how many in a row there were.
    pub(crate) fn count_refused(&self) -> u32 {
        self.refused.fetch_add(1, Ordering::Relaxed) + 1
    }
}
