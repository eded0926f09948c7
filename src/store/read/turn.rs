//! Whose read runs next. Pure: no clock, no database. The drivers hold the waiting reads in it, and ask it for the next one.
//!
//! There are two lanes. Cheap reads may use everything; expensive ones may not, so that they never hold up cheap ones. Within a
//! lane the clients take turns, so that nobody waits for all reads of somebody else.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

/// Who sends a request: the holder of a token, or an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Client(Arc<str>);

impl Client {
    /// The service itself.
    #[must_use]
    pub fn service() -> Self {
        Self("service".into())
    }
    /// The holder of the token with this name.
    #[must_use]
    pub fn token(name: &str) -> Self {
        Self(format!("token {name}").into())
    }
    /// Everybody at an address. Of an IPv6 address only the network counts, because one client has all addresses of it.
    #[must_use]
    pub fn address(address: std::net::IpAddr) -> Self {
        Self(match address.to_canonical() {
            std::net::IpAddr::V4(address) => address.to_string().into(),
            std::net::IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64").into()
            }
        })
    }
}

/// Which reads a read competes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Reads that take a few milliseconds.
    Cheap,
    /// All other reads.
    Expensive,
}

impl Lane {
    const fn other(self) -> Self {
        match self {
            Self::Cheap => Self::Expensive,
            Self::Expensive => Self::Cheap,
        }
    }
}

/// How much may run at the same time, in the sizes that [`Turns::enter`] takes.
#[derive(Clone, Copy, Debug)]
pub struct Slots {
    /// In the lane of cheap reads.
    pub cheap: usize,
    /// In the lane of expensive reads.
    pub expensive: usize,
    /// In both lanes together.
    pub all: usize,
}

/// How many reads may wait. Further ones are refused.
const MAX_WAITING: usize = 4096;
/// How many reads of one client may wait.
const MAX_WAITING_PER_CLIENT: usize = MAX_WAITING / 4;

/// The waiting reads, each of them a `T`, and how much runs.
pub struct Turns<T> {
    slots: Slots,
    cheap: Queue<T>,
    expensive: Queue<T>,
    /// The lane of the last read that started.
    last: Lane,
}

struct Queue<T> {
    running: usize,
    /// The clients with waiting reads, the next one first.
    clients: VecDeque<Client>,
    reads: HashMap<Client, VecDeque<Waiting<T>>>,
    waiting: usize,
}

struct Waiting<T> {
    size: usize,
    read: T,
}

/// A read that starts.
#[derive(Debug, PartialEq, Eq)]
pub struct Started<T> {
    /// Its lane.
    pub lane: Lane,
    /// Its size.
    pub size: usize,
    /// The read.
    pub read: T,
}

impl<T> Turns<T> {
    /// No read waits or runs.
    #[must_use]
    pub fn new(slots: Slots) -> Self {
        Self { slots, cheap: Queue::new(), expensive: Queue::new(), last: Lane::Expensive }
    }

    /// Lets a read wait. Gives it back if too many wait already.
    ///
    /// # Errors
    /// The read.
    pub fn enter(&mut self, lane: Lane, client: &Client, size: usize, read: T) -> Result<(), T> {
        let full = self.cheap.waiting + self.expensive.waiting >= MAX_WAITING;
        let queue = self.queue(lane);
        let of_client = queue.reads.get(client).map_or(0, VecDeque::len);
        if full || of_client >= MAX_WAITING_PER_CLIENT {
            return Err(read);
        }
        if of_client == 0 {
            queue.clients.push_back(client.clone());
        }
        queue.reads.entry(client.clone()).or_default().push_back(Waiting { size, read });
        queue.waiting += 1;
        Ok(())
    }

    /// The next read that may start. It counts as running from now on.
    pub fn start(&mut self) -> Option<Started<T>> {
        // The lane that did not start last goes first, so that neither lane keeps the other one waiting.
        for lane in [self.last.other(), self.last] {
            if self.may_start(lane)
                && let Some(Waiting { size, read }) = self.queue(lane).next()
            {
                self.queue(lane).running += size;
                self.last = lane;
                return Some(Started { lane, size, read });
            }
        }
        None
    }

    /// A read has ended.
    pub fn end(&mut self, lane: Lane, size: usize) {
        let queue = self.queue(lane);
        queue.running = queue.running.saturating_sub(size);
    }

    /// The next read runs whatever its size, as long as there is room: nothing is too large to start.
    fn may_start(&mut self, lane: Lane) -> bool {
        let room = if lane == Lane::Cheap { self.slots.cheap } else { self.slots.expensive };
        let all = self.cheap.running + self.expensive.running;
        self.queue(lane).running < room && all < self.slots.all
    }

    fn queue(&mut self, lane: Lane) -> &mut Queue<T> {
        match lane {
            Lane::Cheap => &mut self.cheap,
            Lane::Expensive => &mut self.expensive,
        }
    }
}

impl<T> Queue<T> {
    fn new() -> Self {
        Self { running: 0, clients: VecDeque::new(), reads: HashMap::new(), waiting: 0 }
    }

    /// The oldest read of the client whose turn it is. Then all other clients have theirs.
    fn next(&mut self) -> Option<Waiting<T>> {
        let client = self.clients.pop_front()?;
        let reads = self.reads.get_mut(&client)?;
        let next = reads.pop_front();
        if reads.is_empty() {
            self.reads.remove(&client);
        } else {
            self.clients.push_back(client);
        }
        self.waiting -= usize::from(next.is_some());
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Lane::{Cheap, Expensive};

    fn turns(cheap: usize, expensive: usize, all: usize) -> Turns<&'static str> {
        Turns::new(Slots { cheap, expensive, all })
    }

    fn client(name: &str) -> Client {
        Client::token(name)
    }

    fn started(turns: &mut Turns<&'static str>) -> Vec<&'static str> {
        std::iter::from_fn(|| turns.start()).map(|started| started.read).collect()
    }

    #[test]
    fn clients_take_turns_however_many_reads_one_of_them_sends() {
        let mut turns = turns(1, 1, 1);
        for read in ["a1", "a2", "a3"] {
            turns.enter(Cheap, &client("a"), 1, read).unwrap();
        }
        turns.enter(Cheap, &client("b"), 1, "b1").unwrap();
        let mut order = vec![];
        while let Some(started) = turns.start() {
            order.push(started.read);
            assert_eq!(turns.start(), None, "one runs at a time");
            turns.end(started.lane, started.size);
        }
        assert_eq!(order, ["a1", "b1", "a2", "a3"]);
    }

    #[test]
    fn expensive_reads_leave_room_for_cheap_ones() {
        let mut turns = turns(2, 1, 2);
        for read in ["e1", "e2"] {
            turns.enter(Expensive, &client("a"), 1, read).unwrap();
        }
        assert_eq!(started(&mut turns), ["e1"]);
        turns.enter(Cheap, &client("b"), 1, "c1").unwrap();
        assert_eq!(started(&mut turns), ["c1"]);
        turns.end(Expensive, 1);
        assert_eq!(started(&mut turns), ["e2"]);
    }

    #[test]
    fn cheap_reads_do_not_keep_expensive_ones_waiting_for_ever() {
        let mut turns = turns(1, 1, 1);
        turns.enter(Expensive, &client("a"), 1, "e").unwrap();
        for read in ["c1", "c2", "c3"] {
            turns.enter(Cheap, &client("b"), 1, read).unwrap();
        }
        let mut order = vec![];
        while let Some(started) = turns.start() {
            order.push(started.read);
            turns.end(started.lane, started.size);
        }
        assert_eq!(order, ["c1", "e", "c2", "c3"]);
    }

    #[test]
    fn the_sizes_of_the_running_reads_are_limited_together() {
        let mut turns = turns(10, 1, 11);
        for (size, read) in [(1, "small"), (9, "large"), (50, "huge"), (1, "last")] {
            turns.enter(Cheap, &client("a"), size, read).unwrap();
        }
        assert_eq!(started(&mut turns), ["small", "large"]);
        turns.end(Cheap, 1);
        assert_eq!(started(&mut turns), ["huge"], "nothing is too large to start");
        turns.end(Cheap, 50);
        assert_eq!(started(&mut turns), ["last"]);
    }

    #[test]
    fn one_client_cannot_fill_the_queue() {
        let mut turns = turns(0, 0, 0);
        let accepted = (0..MAX_WAITING).filter(|_| turns.enter(Cheap, &client("a"), 1, "a").is_ok()).count();
        assert_eq!(accepted, MAX_WAITING_PER_CLIENT);
        assert_eq!(turns.enter(Cheap, &client("b"), 1, "b"), Ok(()));
        for other in 0..2 * MAX_WAITING {
            let _ = turns.enter(Expensive, &client(&other.to_string()), 1, "c");
        }
        assert_eq!(turns.enter(Cheap, &client("d"), 1, "d"), Err("d"), "all together are limited as well");
    }

    #[test]
    fn one_network_of_ipv6_is_one_client() {
        let of = |address: &str| Client::address(address.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
        assert_ne!(of("10.0.0.1"), of("10.0.0.2"));
    }
}
