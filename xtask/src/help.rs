//! `cargo xtask help`: the page to read first.

use std::io::Write;

/// Prints the page.
pub(crate) fn print() {
    // Whoever pipes it into a pager may stop reading half-way.
    let _ = writeln!(std::io::stdout(), "{PAGE}");
}

const PAGE: &str = "\
The project's tasks: cargo xtask VERB

To begin with
  setup                  Installs what the tasks below need and is missing:
                         cargo-nextest, the server programs of PostgreSQL and
                         Redis, Node, the packages that web and tests/node pin,
                         and Chromium.
                         (They do so themselves too, when it comes to it.)
  run [--] ARGS          Builds the server as it is shipped and runs it with ARGS:
                           cargo xtask run serve
                         Where there is Node, it builds the web client first, if
                         that has changed.
  run --demo             Fills the database with demonstration data, then serves it.

While working
  test [ARGS]            Runs every test on SQLite and on PostgreSQL, for which it
                         makes a cluster of its own and removes it afterwards;
                         a Redis of its own and npm's Socket.IO client likewise.
                         ARGS are nextest's, to run a part:
                           cargo xtask test -p faff-store
                           cargo xtask test -E 'test(search)'
                         Without ARGS it runs `web`, `e2e` and `check --short` too,
                         and fails when no test ran on one of the engines or with
                         Redis.
  web                    Builds the web client, checks its sources and runs its
                         unit tests.
  e2e [ARGS]             Runs the web client's tests in Chromium against the server
                         that embeds it. ARGS are Playwright's:
                           cargo xtask e2e -g sending
  postgres [--fsync] [--keep DIR] [--] [COMMAND...]
                         Runs COMMAND (default: your shell) beside a private
                         PostgreSQL cluster, then removes it. DATABASE_URL names an
                         empty database; psql finds it without being told.
                         --keep keeps the cluster in DIR for the next time.
                         --fsync keeps PostgreSQL's default durability, for
                         measurements:
                           cargo xtask postgres -- psql
                           cargo xtask postgres --fsync -- cargo xtask bench
  fuzz [--seconds N]     Breaks what strangers send in every way that comes to mind, for a
                         minute each (`test` does so for a moment).
  mutants [AREA] [ARGS]  Changes the code of the log (AREA store), of who may do what
                         (access) and of who somebody is (tokens), a line at a time, and
                         tells which changes no test notices. It takes hours; ARGS are
                         those of cargo-mutants:
                           cargo xtask mutants store --shard 1/10
  check [ARGS]           Kills servers, PostgreSQL and Redis under load, cuts what is
                         between them, and looks for what is lost, doubled or out
                         of order; then whether mistakes planted in the server are
                         found. docs/reliability.md says more:
                           cargo xtask check --short
                           cargo xtask check --fault kill-node --rounds 5 --seed 7
  protocol               Holds our Engine.IO and Socket.IO to their protocols.
  bench [--] ARGS        Builds the load generator and runs it with ARGS.
  bench words            What the built-in analysis finds in the labelled set, and
                         how long a summary takes; --misses tells every mistake.
  openapi [--check]      Writes docs/openapi.json as the server describes itself;
                         with --check fails when the file says something else.

  deploy                 Checks what is in deploy/ with the tools that read it: promtool,
                         systemd-analyze, nginx, HAProxy, Caddy, kubectl, and schemas. It
                         downloads what is missing, and installs nothing.
  sbom                   Writes what the binary and its client are made of (CycloneDX),
                         by cargo-cyclonedx and npm.

Before handing in
  lint                   Formatting, clippy, and (if cargo-deny is installed, or
                         CARGO_DENY=require is set) the dependencies' licences.
  deny                   The dependencies' licences, bans and sources; wants cargo-deny.
  tidy                   The laws of this repository that no other tool knows:
                         who may import whom, how long a file may be, where SQL
                         lives, migrations in pairs, links that lead somewhere,
                         names in deploy/ that the program knows.
  ci                     lint, tidy, openapi --check and test: what decides.

Everything is made from the pinned Rust toolchain and a C compiler. Build products
and private clusters live in cargo's build directory.";
