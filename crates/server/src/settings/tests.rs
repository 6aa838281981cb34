use super::*;

const KEY: &str = "0123456789abcdef0123456789abcdef";

/// Checks an environment.
fn checked(environment: &[(&str, &str)]) -> Result<Settings, Vec<String>> {
    let environment = environment.iter().map(|(name, value)| (name.into(), value.into()));
    let (given, mut problems) = Given::collect([], environment, []);
    match check(&given) {
        Ok(settings) if problems.is_empty() => Ok(settings),
        Ok(_) => Err(problems),
        Err(more) => {
            problems.extend(more);
            Err(problems)
        }
    }
}

fn refusal(environment: &[(&str, &str)]) -> String {
    checked(environment).unwrap_err().join("\n")
}

#[test]
fn a_flag_is_the_name_in_small_letters_with_hyphens() {
    for setting in SETTINGS {
        assert_eq!(setting.flag, setting.name.to_lowercase().replace('_', "-"));
    }
}

#[test]
fn nothing_needs_to_be_set() {
    let settings = checked(&[]).unwrap();
    assert_eq!((settings.host.as_str(), settings.port), ("127.0.0.1", 3000));
    assert!(matches!(&settings.database, Database::Sqlite(path) if path.ends_with("faff-data/faff.sqlite")));
    let app = settings.for_app(Secret::new(Vec::new()));
    assert!(!app.production && app.origins.is_empty() && app.trusted_proxies.is_empty());
    assert_eq!((app.bcrypt_cost, app.session_lifetime), (12, Duration::from_hours(24)));
    assert_eq!(app.registration, Registration::Open);
    assert_eq!((app.worker, app.escalation_priority), (true, None));
    let quarter = Duration::from_mins(15);
    assert_eq!(app.rate_anonymous, Rate(Some((100, quarter))));
    assert_eq!(app.rate_user, Rate(Some((3000, quarter))));
    assert_eq!(app.rate_login, Rate(Some((10, quarter))));
}

#[test]
fn what_is_malformed_is_named() {
    for (name, wrong) in [
        ("HOST", "not a host"),
        ("HOST", "http://0.0.0.0"),
        ("PORT", "abc"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("FAFF_ENV", "staging"),
        ("NODE_ENV", "prod"),
        ("DATABASE_URL", "mysql://localhost/faff"),
        ("DATABASE_URL", "sqlite:"),
        ("DATABASE_URL", "sqlite::memory:"),
        ("DATABASE_URL", "sqlite:a.db?mode=rwc"),
        ("DATABASE_URL", "postgres:///faff"),
        ("DATABASE_URL", "postgres://h:port/faff"),
        ("DATABASE_URL", "postgres://h/faff?sslmode=verify-ca"),
        ("DATABASE_POOL_MAX", "0"),
        ("DATABASE_POOL_MAX", "many"),
        ("WORKER", "yes"),
        ("QA_ESCALATION_PRIORITY", "low"),
        ("QA_ESCALATION_PRIORITY", "soon"),
        ("JWT_SECRET", "too short"),
        ("JWT_EXPIRATION", "24"),
        ("JWT_EXPIRATION", "0h"),
        ("JWT_EXPIRATION", "999999d"),
        ("REGISTRATION", "yes"),
        ("BCRYPT_COST", "3"),
        ("BCRYPT_COST", "16"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,proxy"),
        ("FRONTEND_URL", "*"),
        ("FRONTEND_URL", "https://*.desk.example"),
        ("FRONTEND_URL", "https://desk.example/"),
        ("FRONTEND_URL", "https://desk.example/app"),
        ("FRONTEND_URL", "desk.example"),
        ("FRONTEND_URL", "https://desk.example:0"),
        ("FRONTEND_URL", "https://desk.example:99999"),
        ("FRONTEND_URL", "https://user@desk.example"),
        ("FRONTEND_URL", "https://desk.example?x"),
        ("FRONTEND_URL", "https://"),
        ("RATE_LIMIT_ANONYMOUS", "100"),
        ("RATE_LIMIT_USER", "0/15m"),
        ("RATE_LIMIT_LOGIN", "none"),
        ("LOG_FORMAT", "xml"),
        ("RUST_LOG", "faff=loud"),
        ("RUST_LOG", "debg"),
        ("RUST_LOG", "faff=debug,wran"),
    ] {
        let said = refusal(&[(name, wrong)]);
        assert!(said.starts_with(name), "{name}={wrong}: {said}");
        assert!(!said.contains('\n'), "one sentence: {said}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_no_secret_with_it() {
    let said = refusal(&[
        ("PORT", "x"),
        ("BCRYPT_COST", "99"),
        ("JWT_SECRET", "hunter2"),
        ("DATABASE_URL", "postgres://faff:hunter2@db:what/faff"),
        ("FAFF_ADMIN_PASSWORD", "hunter2"),
    ]);
    for name in ["PORT", "BCRYPT_COST", "JWT_SECRET", "DATABASE_URL", "FAFF_ADMIN_EMAIL"] {
        assert!(said.contains(name), "{said}");
    }
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn unknown_names_that_look_like_ours_are_refused() {
    for name in ["FAFF_DATADIR", "RATE_LIMIT_LOGINS", "FAFF_"] {
        let said = refusal(&[(name, "hunter2")]);
        assert!(said.starts_with(name) && !said.contains("hunter2"), "{said}");
    }
    let dotenv = |name: &str| Given::collect([], [], [(name.to_owned(), "x".to_owned())]).1;
    assert_eq!(dotenv("FAFF_PROT").len(), 1);
    for fine in ["FAFF_TEST_POSTGRES", "PATH", "FRONTEND", "POSTGRES_USER"] {
        assert!(checked(&[(fine, "x")]).is_ok() && dotenv(fine).is_empty(), "{fine}");
    }
}

#[test]
fn a_collector_is_named_by_its_address_and_what_cannot_be_is_refused_without_repeating_keys() {
    const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
    assert!(checked(&[]).unwrap().collector.is_none());
    // What is for other programs is none of ours.
    assert!(checked(&[("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]).unwrap().collector.is_none());
    let collector = checked(&[
        (ENDPOINT, "http://collector:4318/otlp/"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Basic%20aGk6aG8=, x-tenant = desk"),
        ("OTEL_SERVICE_NAME", "desk"),
        ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
        ("OTEL_TRACES_SAMPLER_ARG", "0.25"),
    ]);
    let collector = collector.unwrap().collector.unwrap();
    assert_eq!(collector.endpoint, "http://collector:4318/otlp");
    assert_eq!(collector.service_name.as_deref(), Some("desk"));
    let headers = collector.headers.reveal();
    assert_eq!((headers["Authorization"].as_str(), headers["x-tenant"].as_str()), ("Basic aGk6aG8=", "desk"));
    assert!(!format!("{collector:?}").contains("aGk6aG8"), "{collector:?}");
    assert!(format!("{:?}", collector.sampler).contains("0.25"), "{collector:?}");
    for (name, wrong) in [
        (ENDPOINT, "collector:4318"),
        (ENDPOINT, "grpc://collector:4317"),
        (ENDPOINT, "http://me:hunter2@collector:4318"),
        (ENDPOINT, "http://collector:4318/?key=hunter2"),
        (ENDPOINT, "http://collector:4318/v1/traces"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "hunter2"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a name=hunter2"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=hunter2%0A"),
        ("OTEL_TRACES_SAMPLER", "jaeger_remote"),
        ("OTEL_TRACES_SAMPLER_ARG", "2"),
    ] {
        // The first of two counts.
        let said = refusal(&[(name, wrong), (ENDPOINT, "http://h")]);
        assert!(said.starts_with(name) && !said.contains('\n'), "{name}={wrong}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[test]
fn a_language_model_is_asked_for_by_a_key_or_an_address() {
    let openai =
        |environment: &[(&str, &str)]| checked(environment).unwrap().for_app(Secret::new(Vec::new())).openai;
    let endpoint = |text: &str| faff_app::Endpoint::parse(text).unwrap();
    assert!(openai(&[]).is_none() && openai(&[("OPENAI_MODEL", "m")]).is_none(), "a model alone is nowhere");
    let by_key = openai(&[("OPENAI_API_KEY", "sk-1")]).unwrap();
    assert_eq!(by_key.endpoint, endpoint("https://api.openai.com/v1"));
    assert_eq!(by_key.api_key.unwrap().reveal(), "sk-1");
    assert_eq!(
        (by_key.model.as_str(), by_key.context_tokens, by_key.concurrency),
        ("gpt-4o-mini", 16_000, 4)
    );
    assert_eq!(by_key.timeout, Duration::from_mins(1));
    let by_address =
        openai(&[("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1/"), ("OPENAI_MODEL", "llama3.2:3b")]);
    let by_address = by_address.unwrap();
    assert_eq!(by_address.endpoint, endpoint("http://127.0.0.1:11434/v1"));
    assert!(by_address.api_key.is_none() && by_address.model == "llama3.2:3b");
    for (name, wrong) in [
        ("OPENAI_API_KEY", "sk-hunter2 and more"),
        ("OPENAI_API_KEY", "sk-hunter2\nX: y"),
        ("OPENAI_BASE_URL", "file:///hunter2"),
        ("OPENAI_BASE_URL", "https://hunter2@api.example/v1"),
        ("OPENAI_BASE_URL", "http://169.254.169.254/hunter2"),
        ("OPENAI_MODEL", "m\u{7}"),
        ("OPENAI_CONTEXT_TOKENS", "2048"),
        ("OPENAI_TIMEOUT", "11m"),
        ("OPENAI_CONCURRENCY", "0"),
    ] {
        let said = refusal(&[(name, wrong)]);
        assert!(
            said.starts_with(name) && !said.contains('\n') && !said.contains("hunter2"),
            "{name}: {said}"
        );
    }
}

#[test]
fn files_are_kept_in_a_folder_and_their_addresses_begin_with_an_address() {
    let settings =
        checked(&[("STORAGE_URL", "file:///srv/faff"), ("API_BASE_URL", "https://Desk.example:443/faff/")]);
    let settings = settings.unwrap();
    assert!(matches!(&settings.storage, Storage::Folder(path) if path.ends_with("srv/faff")));
    assert_eq!(settings.api_base_url.as_deref(), Some("https://desk.example/faff"));
    let plain = checked(&[("FAFF_DATA_DIR", "/srv/desk")]).unwrap();
    assert!(matches!(&plain.storage, Storage::Folder(path) if path.ends_with("srv/desk/files")));
    for wrong in ["gs://hunter2@r", "file://x", "/srv/faff"] {
        let said = refusal(&[("STORAGE_URL", wrong)]);
        assert!(said.starts_with("STORAGE_URL") && !said.contains("hunter2"), "{said}");
    }
    for wrong in ["desk.example", "ftp://desk.example", "https://desk.example/?x", "https://"] {
        assert!(refusal(&[("API_BASE_URL", wrong)]).starts_with("API_BASE_URL"), "{wrong}");
    }
}

#[test]
fn a_bucket_is_reached_with_what_is_usual_and_what_is_wrong_is_told_without_its_keys() {
    const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "hunter2")];
    let with = |more: &[(&'static str, &'static str)]| [&KEYS[..], more].concat();
    let url = ("STORAGE_URL", "s3://desk-files/faff/1/");
    let Storage::Bucket(bucket) = checked(&with(&[url, ("AWS_REGION", "eu-central-1")])).unwrap().storage
    else {
        panic!("it is a bucket");
    };
    assert_eq!((bucket.name.as_str(), bucket.prefix.as_str()), ("desk-files", "faff/1"));
    assert_eq!((bucket.region.as_str(), bucket.endpoint), ("eu-central-1", None));
    for (endpoint, more) in [
        ("https://s3.desk.example", None),
        ("http://127.0.0.1:9000", None),
        ("http://localhost:9000/", None),
        ("http://[::1]:9000", None),
        ("http://s3.desk.example", Some(("AWS_ALLOW_HTTP", "true"))),
    ] {
        let mut given = with(&[url, ("AWS_ENDPOINT_URL", endpoint)]);
        given.extend(more);
        let Storage::Bucket(bucket) = checked(&given).unwrap().storage else { panic!("it is a bucket") };
        assert_eq!(bucket.endpoint.as_deref(), Some(endpoint.trim_end_matches('/')));
        assert_eq!(bucket.region, "us-east-1", "which nobody needs to tell");
    }
    let region = ("AWS_REGION", "eu-central-1");
    for (given, name) in [
        (vec![url, region], "AWS_ACCESS_KEY_ID: "),
        (vec![url, region, KEYS[0]], "AWS_SECRET_ACCESS_KEY: "),
        (with(&[url]), "AWS_REGION: "),
        (with(&[url, ("AWS_ENDPOINT_URL", "http://s3.desk.example")]), "AWS_ENDPOINT_URL: "),
        (with(&[url, ("AWS_ENDPOINT_URL", "http://hunter2:hunter2@127.0.0.1")]), "AWS_ENDPOINT_URL: "),
        (
            with(&[url, ("AWS_ENDPOINT_URL", "http://localhost"), ("AWS_ALLOW_HTTP", "hunter2")]),
            "AWS_ALLOW_HTTP: ",
        ),
        (with(&[region, ("STORAGE_URL", "s3://id:hunter2@bucket")]), "STORAGE_URL: "),
        (with(&[region, ("STORAGE_URL", "s3://")]), "STORAGE_URL: "),
        (with(&[region, ("STORAGE_URL", "s3://bucket/a/../hunter2")]), "STORAGE_URL: "),
    ] {
        let said = refusal(&given);
        assert!(said.starts_with(name) && !said.contains("hunter2"), "{said}");
    }
    assert!(
        checked(&[("AWS_REGION", "x"), ("AWS_ENDPOINT_URL", "nonsense")]).is_ok(),
        "others use them, too"
    );
}

#[test]
fn a_flag_counts_before_the_environment_and_that_before_dotenv() {
    let given = Given::collect(
        [("PORT", "1".to_owned())],
        [("PORT".into(), "2".into()), ("HOST".into(), "::1".into()), ("BCRYPT_COST".into(), " ".into())],
        [("PORT", "3"), ("HOST", "x"), ("BCRYPT_COST", "5")]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let settings = check(&given.0).unwrap();
    assert_eq!((settings.port, settings.host.as_str()), (1, "::1"));
    assert_eq!(settings.bcrypt_cost, 5, "an empty value counts as not given");
}

#[test]
fn dotenv_is_read_and_its_faults_are_told_by_line() {
    let (pairs, problems) =
        given::read_dotenv("# a comment\nPORT=4000\nexport HOST='0.0.0.0'\nhunter2 hunter2\n");
    assert_eq!(
        pairs,
        [("PORT", "4000"), ("HOST", "0.0.0.0")].map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with(".env: line 4 is not of the form NAME=value"), "{problems:?}");
    for secret in ["JWT_SECRET=hunter2 hunter2", "JWT_SECRET=\"hunter2$\""] {
        let (_, problems) = given::read_dotenv(&format!("PORT=4000\n# A secret.\n{secret}\n"));
        let said = problems.concat();
        assert!(said.starts_with(".env: line 3 ") && said.contains("single quotes"), "{said}");
        assert!(!said.contains("hunter2"));
    }
}

#[test]
fn a_name_that_is_nearly_one_of_ours_is_no_other_programs() {
    for (wrong, right) in
        [("REGISTRATON", "REGISTRATION"), ("DATABSAE_URL", "DATABASE_URL"), ("FRONTEND_URLS", "FRONTEND_URL")]
    {
        let said = refusal(&[(wrong, "hunter2")]);
        assert!(said.contains(&format!("did you mean {right}?")) && !said.contains("hunter2"), "{said}");
    }
    // What other programs and platforms set.
    let others = [
        "HOME",
        "PWD",
        "HOSTNAME",
        "SHELL",
        "LANG",
        "POST",
        "DB_HOSTS",
        "REDIS_TLS_URL",
        "AWS_PROFILE",
        "OPENAI_ORG_ID",
    ];
    assert!(checked(&others.map(|name| (name, "x"))).is_ok());
    // A platform may give the same under two names.
    assert!(checked(&[("REDIS_URL", "redis://cache"), ("REDIS_URI", "redis://cache")]).is_ok());
}

#[test]
fn the_database_is_named_in_one_of_three_ways() {
    let shown = |environment: &[(&str, &str)]| checked(environment).unwrap().database.to_string();
    assert_eq!(shown(&[("FAFF_DATA_DIR", "/d")]), "sqlite:/d/faff.sqlite");
    assert_eq!(shown(&[("DATABASE_URL", "sqlite:a/b.db")]), "sqlite:a/b.db");
    assert_eq!(shown(&[("DATABASE_URL", "sqlite:///a/b.db")]), "sqlite:/a/b.db");
    let url = "postgresql://faff:hunter2@db:6432/desk";
    assert_eq!(shown(&[("DATABASE_URL", url)]), "postgres://faff@db:6432/desk");
    let parts = [("DB_HOST", "db"), ("DB_NAME", "desk"), ("DB_USER", "faff"), ("DB_PASSWORD", "hunter2")];
    assert_eq!(shown(&parts), "postgres://faff@db:5432/desk");
    assert!(!format!("{:?}", checked(&parts).unwrap()).contains("hunter2"));
    for left_out in 0..parts.len() {
        let some: Vec<_> = (0..).zip(parts).filter(|(n, _)| *n != left_out).map(|(_, part)| part).collect();
        assert!(refusal(&some).contains("missing"), "{some:?}");
        assert!(refusal(&some).contains(parts[left_out].0));
    }
    assert!(refusal(&[("DB_PORT", "5432")]).contains("DB_HOST"));
    assert!(refusal(&[&parts[..], &[("DB_PORT", "x")]].concat()).starts_with("DB_PORT"));
    assert!(refusal(&[&parts[..], &[("DATABASE_URL", url)]].concat()).contains("one of them"));
}

#[test]
fn production_asks_for_more() {
    let postgres = ("DATABASE_URL", "postgres://faff@db/desk");
    for production in [("FAFF_ENV", "production"), ("NODE_ENV", "production")] {
        assert!(refusal(&[production, ("BCRYPT_COST", "9")]).starts_with("BCRYPT_COST"));
        assert!(refusal(&[production, postgres]).starts_with("JWT_SECRET"));
        assert!(checked(&[production, postgres, ("JWT_SECRET", KEY)]).is_ok());
        assert!(checked(&[production]).is_ok());
    }
    assert!(checked(&[("FAFF_ENV", "test"), ("NODE_ENV", "production"), ("BCRYPT_COST", "4")]).is_ok());
    assert!(checked(&[postgres]).is_ok());
}

#[test]
fn administrators_are_named_in_full() {
    let (email, password) =
        (("FAFF_ADMIN_EMAIL", "Ada@Faff.example"), ("FAFF_ADMIN_PASSWORD", "printer on fire"));
    assert!(refusal(&[email]).contains("both or neither"));
    assert!(refusal(&[password]).contains("both or neither"));
    assert!(refusal(&[("FAFF_ADMIN_EMAIL", "ada"), password]).starts_with("FAFF_ADMIN_EMAIL"));
    assert_eq!(checked(&[email, password]).unwrap().admin.unwrap().0, "ada@faff.example");
}

#[test]
fn origins_are_kept_as_browsers_send_them() {
    let given =
        " https://Desk.example , http://localhost:5173,https://a.example:443, http://[::1]:8080,app://desk,";
    let settings = checked(&[("FRONTEND_URL", given)]).unwrap();
    let kept = [
        "https://desk.example",
        "http://localhost:5173",
        "https://a.example",
        "http://[::1]:8080",
        "app://desk",
    ];
    assert_eq!(settings.origins, kept);
    let proxies = checked(&[("TRUSTED_PROXIES", "10.0.0.0/8, ::1")]).unwrap().trusted_proxies;
    assert_eq!(proxies.iter().map(ToString::to_string).collect::<Vec<_>>(), ["10.0.0.0/8", "::1/128"]);
}

#[test]
fn a_certificate_has_a_key() {
    let (cert, key) = (("TLS_CERT", "/etc/faff/cert.pem"), ("TLS_KEY", "/etc/faff/key.pem"));
    for alone in [cert, key] {
        assert_eq!(refusal(&[alone]), "TLS_CERT and TLS_KEY belong together; give both or neither");
    }
    let settings = checked(&[cert, key]).unwrap();
    let said = settings.certificate().unwrap_err();
    assert!(said[0].starts_with("TLS_CERT: /etc/faff/cert.pem cannot be read: "), "{said:?}");
    assert!(said[1].starts_with("TLS_KEY: /etc/faff/key.pem cannot be read: "), "{said:?}");
    assert!(checked(&[]).unwrap().certificate().unwrap().is_none());
}

#[test]
fn redis_is_reached_by_an_address_that_is_not_repeated() {
    for good in [
        "redis://:hunter2@cache:6379/1",
        "rediss://:hunter2@cache",
        "redis+sentinel://:hunter2@a,b:26380/desk",
        "redis+cluster://a,b:6380",
    ] {
        assert!(checked(&[("REDIS_URL", good)]).is_ok(), "{good}");
    }
    for wrong in ["cache:6379", "redis://", "rediss://", "http://hunter2"] {
        let said = refusal(&[("REDIS_URL", wrong)]);
        assert!(said.starts_with("REDIS_URL: ") && !said.contains("hunter2"), "{said}");
    }
}

#[test]
fn what_is_asked_of_the_way_to_postgresql_is_told_with_its_address() {
    for (parameters, told) in [("", ""), ("?sslmode=prefer", ""), ("?sslmode=require", "?sslmode=require")] {
        let url = format!("postgres://faff:hunter2@db/desk{parameters}");
        let database = checked(&[("DATABASE_URL", &url)]).unwrap().database;
        assert_eq!(database.to_string(), format!("postgres://faff@db:5432/desk{told}"));
    }
}

#[test]
fn a_replica_is_one_of_postgresql() {
    let (database, url) = ("postgres://faff@db/desk", "postgres://faff:hunter2@replica/desk");
    let replica = checked(&[("DATABASE_URL", database), ("DATABASE_REPLICA_URL", url)]).unwrap().replica;
    assert!(replica.is_some());
    assert!(checked(&[("DATABASE_URL", database)]).unwrap().replica.is_none());
    for wrong in ["sqlite:hunter2", "hunter2", "mysql://hunter2@db/desk"] {
        let said = refusal(&[("DATABASE_URL", database), ("DATABASE_REPLICA_URL", wrong)]);
        assert!(said.starts_with("DATABASE_REPLICA_URL: ") && !said.contains("hunter2"), "{said}");
    }
    assert!(refusal(&[("DATABASE_REPLICA_URL", url)]).contains("only a database on PostgreSQL has replicas"));
}

#[test]
fn what_is_shown_holds_no_secret() {
    let environment = [
        ("JWT_SECRET", KEY),
        ("FAFF_ADMIN_EMAIL", "ada@faff.example"),
        ("FAFF_ADMIN_PASSWORD", "hunter2 hunter2"),
        ("DATABASE_URL", "postgres://faff:hunter2@db/desk"),
        ("DATABASE_REPLICA_URL", "postgres://faff:hunter2@replica/desk"),
        ("REDIS_URL", "redis://:hunter2@r"),
        ("STORAGE_URL", "s3://bucket"),
        ("AWS_ENDPOINT_URL", "http://localhost:9"),
        ("AWS_ACCESS_KEY_ID", "hunter2"),
        ("AWS_SECRET_ACCESS_KEY", "hunter2"),
        ("AWS_SESSION_TOKEN", "hunter2"),
    ];
    let given = Given::collect([], environment.map(|(name, value)| (name.into(), value.into())), []).0;
    let text = show(&check(&given).unwrap(), None, None);
    assert!(!text.contains("hunter2") && !text.contains(KEY), "{text}");
    for line in [
        "JWT_SECRET                   (hidden)  (environment)",
        "DATABASE_URL                 postgres://faff@db:5432/desk  (environment)",
        "REDIS_URL                    (hidden)  (environment)",
        "STORAGE_URL                  s3://bucket  (environment)",
        "AWS_SECRET_ACCESS_KEY        (hidden)  (environment)",
        "PORT                         3000  (default)",
    ] {
        assert!(text.contains(line), "{text}");
    }
}
