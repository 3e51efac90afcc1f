//! The command line: its whole help as a snapshot, and what does not fit.

use std::fmt::Write as _;

use clap::CommandFactory as _;

use super::*;

/// The help of a command and of everything below it.
fn write_help(text: &mut String, path: &str, command: &mut clap::Command) {
    let path = format!("{path} {}", command.get_name()).trim().to_owned();
    let help = command.render_long_help();
    writeln!(text, "================ {path}\n\n{help}").unwrap();
    for inner in command.get_subcommands_mut().filter(|inner| inner.get_name() != "help") {
        write_help(text, &path, inner);
    }
}

#[test]
fn the_whole_help() {
    let mut command = Cli::command().term_width(100);
    command.build();
    let mut text = String::new();
    write_help(&mut text, "", &mut command);
    insta::assert_snapshot!("help", text);
}

#[test]
fn the_tree_is_sound() {
    Cli::command().debug_assert();
}

fn parse(line: &str) -> Result<Cli, String> {
    Cli::try_parse_from(line.split(' ')).map_err(|error| error.to_string())
}

#[test]
fn words_become_values_of_the_domain() {
    let cli =
        parse("folkmoot publish call call.md --association @Park-Friends --json --config x.toml").unwrap();
    assert!(cli.json);
    assert_eq!(cli.config, Some("x.toml".into()));
    let Command::Publish(Publish::Call(call)) = cli.command else { panic!("not a call") };
    assert_eq!(call.association.as_str(), "park-friends");
    let Command::Quickstart(quickstart) =
        parse("folkmoot quickstart --base-url hyde.example").unwrap().command
    else {
        panic!("not it")
    };
    assert_eq!(quickstart.base_url.unwrap().to_string(), "https://hyde.example");
    let Command::Quickstart(quickstart) =
        parse("folkmoot quickstart --base-url hyde.localhost:81").unwrap().command
    else {
        panic!("not it")
    };
    assert_eq!(quickstart.base_url.unwrap().to_string(), "http://hyde.localhost:81");
}

#[test]
fn what_does_not_fit_says_why() {
    for (line, sentence) in [
        ("folkmoot association show p", "use 2 to 40 of"),
        ("folkmoot sign-in-link ruth", "such as ruth@hyde.example"),
        ("folkmoot publish close 7 --outcome x", "must be an id, or the address of a page"),
        (
            "folkmoot publish park 0198c2a4-7d1e-7c3a-9b1f-3f6a5d2e8c40 --reason x --wake 2027-09-01",
            "such as 2027-03-20T18:00",
        ),
        ("folkmoot pledges list --state keptt", "'kept'"),
        ("folkmoot quickstart --base-url http://hyde.example", "must begin with https://"),
        (
            "folkmoot association found --name x --handle park --organiser r --email r@x.y --latitude 3",
            "--longitude",
        ),
        ("folkmoot deliveries retry", "--host"),
        ("folkmoot aply", "Usage: folkmoot"),
    ] {
        let said = parse(line).unwrap_err();
        assert!(said.contains(sentence), "{line}: {said}");
    }
}
