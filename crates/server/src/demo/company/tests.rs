//! The promises the demo company makes to the rest of the program.

use std::collections::{HashMap, HashSet};

use super::*;

fn all() -> Vec<Ticket> {
    company().tickets
}

#[test]
fn has_the_promised_size() {
    let company = company();
    assert_eq!(company.people.len(), 12);
    assert_eq!(company.tickets.len(), 60);
    let counts: Vec<usize> = company.tickets.iter().map(|t| t.messages.len()).collect();
    assert_eq!(counts.iter().sum::<usize>(), 1500);
    let long = counts.iter().filter(|&&n| n >= 80).count();
    assert!((2..=5).contains(&long), "{long} long tickets");
    let usual = counts.iter().filter(|&&n| (5..=30).contains(&n)).count();
    assert!(usual >= 40, "{usual} of usual length");
    assert!(counts.iter().all(|&n| n >= 5), "{counts:?}");
}

#[test]
fn is_the_same_every_time() {
    assert_eq!(company(), company());
}

#[test]
fn scripts_have_no_unreadable_lines() {
    for text in SCRIPTS {
        for line in text.lines().filter(|l| !l.is_empty()) {
            let (mark, rest) = line.split_at(1);
            let rest =
                if matches!(mark, "*" | "+") { rest.split_once(' ').unwrap_or_default().1 } else { line };
            let who = rest.trim_start_matches('>');
            let flags = who.split(' ').next().unwrap_or_default();
            let mut letters = flags.trim_end_matches(['~', '!', '-', '^']).chars();
            let ok = match mark {
                "=" | ":" | "|" => true,
                "-" => line.starts_with("--"),
                _ => letters.next().and_then(people::by_letter).is_some() && letters.next().is_none(),
            };
            assert!(ok, "cannot read: {line}");
        }
    }
    for ticket in all() {
        for message in ticket.messages {
            assert!(!message.content.contains("{n:"), "{}", message.content);
            assert!(!message.content.contains("||"), "{}", message.content);
            assert_eq!(message.content.matches("```").count() % 2, 0);
        }
    }
}

#[test]
fn people_are_distinct_and_made_up() {
    let people = company().people;
    let emails: HashSet<_> = people.iter().map(|p| p.email).collect();
    assert_eq!(emails.len(), people.len());
    assert!(people.iter().all(|p| p.email.ends_with(".example")));
    assert!((1..=2).contains(&people.iter().filter(|p| p.role_admin).count()));
    for (person, letter) in people.iter().zip('A'..) {
        assert!(person.name.starts_with(letter));
        assert!(!person.about.is_empty());
    }
}

#[test]
fn fields_are_within_their_limits() {
    let tickets = all();
    let titles: HashSet<_> = tickets.iter().map(|t| &t.title).collect();
    assert_eq!(titles.len(), tickets.len());
    for t in &tickets {
        assert!((1..=255).contains(&t.title.chars().count()));
        assert!(t.description.len() > 40, "{}", t.title);
        assert!(["low", "medium", "high", "urgent"].contains(&t.priority), "{}", t.title);
        assert!(["open", "in_progress", "resolved", "closed"].contains(&t.status));
        assert!([TEAM, PRIVATE].contains(&t.visibility));
        assert!((1..=5).contains(&t.tags.len()));
        for tag in &t.tags {
            assert!((1..=32).contains(&tag.len()) && !tag.starts_with('-'), "{tag}");
            assert!(tag.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        }
        assert!(t.creator < 12 && t.assignee.is_none_or(|a| a < 12));
        for m in &t.messages {
            assert!(m.author < 12);
            assert!((1..=20_000).contains(&m.content.chars().count()));
            assert_eq!(m.content.trim(), m.content);
        }
    }
    for status in ["open", "in_progress", "resolved", "closed"] {
        assert!(tickets.iter().filter(|t| t.status == status).count() >= 6, "{status}");
    }
}

#[test]
fn time_runs_forward_in_working_hours() {
    let tickets = all();
    assert!(tickets.is_sorted_by_key(|t| -t.minutes_ago));
    let working = |ago: i64| {
        // "Now" is a Friday at 17:00; count from a Monday at midnight.
        let minute = 4 * 1440 + 17 * 60 - ago;
        let of_day = minute.rem_euclid(1440);
        minute.div_euclid(1440).rem_euclid(7) < 5 && (510..=1050).contains(&of_day)
    };
    for t in &tickets {
        let mut last = t.minutes_ago;
        assert!(working(last), "{}", t.title);
        assert!(last <= 57 * 1440);
        for m in &t.messages {
            assert!(m.minutes_ago < last, "{}: {}", t.title, m.content);
            assert!(m.minutes_ago > 0, "{} ends in the future", t.title);
            assert!(working(m.minutes_ago), "{}", m.content);
            last = m.minutes_ago;
        }
        let done = matches!(t.status, "resolved" | "closed");
        assert_eq!(t.resolved_minutes_ago.is_some(), done, "{}", t.title);
        if let Some(resolved) = t.resolved_minutes_ago {
            assert!(resolved > 0 && resolved < t.minutes_ago && resolved >= last);
        }
    }
    assert!(tickets.first().is_some_and(|t| t.minutes_ago > 50 * 1440));
    assert!(tickets.last().is_some_and(|t| t.minutes_ago < 7 * 1440));
    let today = |t: &&Ticket| t.messages.iter().any(|m| m.minutes_ago < 600);
    assert!(tickets.iter().filter(today).count() >= 3);
}

#[test]
fn private_tickets_stay_among_those_who_may_read_them() {
    let Company { people, tickets } = company();
    let private: Vec<_> = tickets.iter().filter(|t| t.visibility == PRIVATE).collect();
    assert!((5..=8).contains(&private.len()), "{} private", private.len());
    for t in &tickets {
        assert_eq!(t.participants.is_empty(), t.visibility == TEAM);
    }
    for t in private {
        for m in &t.messages {
            let may = m.author == t.creator
                || Some(m.author) == t.assignee
                || t.participants.contains(&m.author)
                || people.get(m.author).is_some_and(|p| p.role_admin);
            assert!(may, "{}: {}", t.title, m.content);
        }
    }
}

#[test]
fn threads_are_one_level_deep() {
    let tickets = all();
    let (mut replies, mut orphans, mut edited, mut deleted) = (0, 0, 0, 0);
    for t in &tickets {
        for (n, m) in t.messages.iter().enumerate() {
            edited += usize::from(m.edited);
            deleted += usize::from(m.deleted);
            let Some(to) = m.reply_to else { continue };
            replies += 1;
            assert!(to < n);
            let root = t.messages.get(to);
            assert!(root.is_some_and(|r| r.reply_to.is_none()));
            orphans += usize::from(root.is_some_and(|r| r.deleted));
        }
    }
    assert!((270..=390).contains(&replies), "{replies} replies");
    assert!((1..=4).contains(&orphans), "{orphans} replies to deleted messages");
    assert!((8..=25).contains(&edited), "{edited} edited");
    assert!((4..=12).contains(&deleted), "{deleted} deleted");
}

#[test]
fn nobody_repeats_themselves() {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for t in all() {
        let distinct: HashSet<_> = t.messages.iter().map(|m| &m.content).collect();
        assert_eq!(distinct.len(), t.messages.len(), "{}", t.title);
        for m in t.messages {
            *seen.entry(m.content).or_default() += 1;
        }
    }
    let repeated: usize = seen.values().filter(|&&n| n > 1).sum();
    assert!(repeated <= 45, "{repeated} of 1500 are not unique");
}

#[test]
fn mentions_are_first_names() {
    let people = company().people;
    let first: HashSet<_> = people.iter().filter_map(|p| p.name.split(' ').next()).collect();
    let mut mentions = 0;
    for t in all() {
        for m in t.messages {
            for (at, _) in m.content.match_indices('@') {
                // Not a mention if it is part of an address such as repairs@.
                if m.content[..at].ends_with(|c: char| c.is_alphanumeric()) {
                    continue;
                }
                let name: String = m.content[at + 1..].chars().take_while(|c| c.is_alphabetic()).collect();
                assert!(first.contains(name.as_str()), "{name}: {}", m.content);
                mentions += 1;
            }
        }
    }
    assert!(mentions >= 20, "{mentions} mentions");
}
