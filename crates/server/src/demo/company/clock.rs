//! Working time: eight weeks of five days, 08:30 to 17:30, which end on a
//! Friday at 17:00.

/// Minutes of a working day.
const DAY: i64 = 540;
/// The working minute of the last day at which "now" is, 17:00.
const NOW: i64 = 510;
/// The days of the working week.
const WEEKDAYS: [&str; 5] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];

/// A working minute, counted from 08:30 of the last day; earlier days are
/// negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(i64);

impl Moment {
    /// 08:30 so many working days before the last one.
    pub(super) fn days_ago(days: i64) -> Self {
        Self(-days * DAY)
    }

    /// So many working minutes later; past the end of a day, the next morning.
    pub(super) fn plus(self, minutes: i64) -> Self {
        Self(self.0 + minutes)
    }

    /// 08:30 so many working days later.
    pub(super) fn morning_after(self, days: i64) -> Self {
        Self((self.0.div_euclid(DAY) + days) * DAY)
    }

    /// How many working days before the last one.
    fn working_days_ago(self) -> i64 {
        -self.0.div_euclid(DAY)
    }

    /// The name of the day.
    pub(super) fn weekday(self) -> &'static str {
        let back = self.working_days_ago().rem_euclid(5);
        usize::try_from(back)
            .ok()
            .and_then(|back| WEEKDAYS.iter().rev().nth(back))
            .copied()
            .unwrap_or_default()
    }

    /// Such as `09:05`.
    pub(super) fn time_of_day(self) -> String {
        let minute = 8 * 60 + 30 + self.0.rem_euclid(DAY);
        format!("{:02}:{:02}", minute / 60, minute % 60)
    }

    /// Minutes before "now" by the calendar, nights and weekends included.
    pub(super) fn minutes_ago(self) -> i64 {
        let back = self.working_days_ago();
        let calendar_days = back + 2 * back.div_euclid(5);
        calendar_days * 24 * 60 + NOW - self.0.rem_euclid(DAY)
    }
}
