//! `synk cost`

use synk_protocol::{Cost, CostList, CostRow, ListCosts, plain_text};

use super::connect;
use crate::output::{print, print_json, table};

/// The widest cell of a table, in characters.
const MAX_CELL_CHARS: usize = 60;
/// What a spreadsheet takes for the beginning of a formula.
const FORMULAS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Show what the agents have used
///
/// Tokens and dollars by day, agent, project and model, as the agents' own transcripts have
/// them. The dollars are those of the price table that comes with Synk and of `prices.models`
/// in settings.toml; what a subscription includes costs nothing more.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  synk cost                                          the last 30 days
  synk cost --since 2026-11-01 --until 2026-11-30    a month
  synk cost --csv > costs.csv                        for a spreadsheet")]
pub(crate) struct Args {
    /// From this day on, such as 2026-11-01 [default: 30 days]
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Up to and with this day [default: today]
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// Print comma-separated values
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    let request = ListCosts { since: args.since.clone(), until: args.until.clone() };
    let list = daemon.call(request).await?;
    match args {
        Args { json: true, .. } => print_json(&list),
        Args { csv: true, .. } => print(&csv(&list.rows)),
        _ => print(&report(&list)),
    }
}

/// A table for people, with the sum below it.
fn report(list: &CostList) -> String {
    let heads = [
        "DAY",
        "AGENT",
        "PROJECT",
        "MODEL",
        "INPUT",
        "OUTPUT",
        "CACHE READ",
        "CACHE WRITE",
        "COST",
    ];
    let total = total(&list.rows);
    let rows = list.rows.iter().map(|row| {
        let model = if row.model.is_empty() { "-" } else { &*row.model };
        line([&row.day, row.agent_type.as_str(), &row.project_path, model], &row.cost)
    });
    let rows: Vec<_> = [heads.map(str::to_owned)]
        .into_iter()
        .chain(rows)
        .chain([line(["total", "", "", ""], &total)])
        .collect();
    let unpriced = match total.unpriced_tokens {
        0 => String::new(),
        tokens => format!(
            "{tokens} tokens are of models without a price and not in the sum; prices.models in \
             settings.toml sets one.\n"
        ),
    };
    format!("{}{unpriced}Prices of {}.\n", table(&rows, 4), list.prices_of)
}

fn line(names: [&str; 4], cost: &Cost) -> [String; 9] {
    let [day, agent, project, model] = names.map(|name| plain_text(name, MAX_CELL_CHARS));
    let tokens = &cost.tokens;
    let [input, output, read, written] =
        [tokens.input, tokens.output, tokens.cache_read, tokens.cache_write]
            .map(|tokens| tokens.to_string());
    let dollars = cost.nanodollars.map_or_else(|| "-".to_owned(), rounded);
    [day, agent, project, model, input, output, read, written, dollars]
}

fn total(rows: &[CostRow]) -> Cost {
    rows.iter().fold(Cost::default(), |mut sum, CostRow { cost, .. }| {
        sum.tokens.input += cost.tokens.input;
        sum.tokens.output += cost.tokens.output;
        sum.tokens.cache_read += cost.tokens.cache_read;
        sum.tokens.cache_write += cost.tokens.cache_write;
        sum.unpriced_tokens += cost.unpriced_tokens;
        if let Some(more) = cost.nanodollars {
            sum.nanodollars = Some(sum.nanodollars.unwrap_or(0) + more);
        }
        sum
    })
}

/// Dollars for people, to the hundredth of a cent.
fn rounded(nanodollars: u64) -> String {
    let hundredths = nanodollars.saturating_add(50_000) / 100_000;
    format!("${}.{:04}", hundredths / 10_000, hundredths % 10_000)
}

/// All of it as comma-separated values, with exact dollars and a line that names the columns.
fn csv(rows: &[CostRow]) -> String {
    let heads = "day,agent,project,model,input_tokens,output_tokens,cache_read_tokens,\
                 cache_write_tokens,dollars,tokens_without_price\n";
    let lines = rows.iter().map(|CostRow { day, agent_type, project_path, model, cost }| {
        let dollars = cost
            .nanodollars
            .map(|nano| format!("{}.{:09}", nano / 1_000_000_000, nano % 1_000_000_000));
        let names = [day, agent_type.as_str(), project_path, model].map(cell).join(",");
        let tokens = &cost.tokens;
        format!(
            "{names},{},{},{},{},{},{}\n",
            tokens.input,
            tokens.output,
            tokens.cache_read,
            tokens.cache_write,
            dollars.unwrap_or_default(),
            cost.unpriced_tokens
        )
    });
    [heads.to_owned()].into_iter().chain(lines).collect()
}

/// Text as one cell, which no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let safe = if text.starts_with(FORMULAS) { format!("'{text}") } else { text.to_owned() };
    if safe.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

#[cfg(test)]
mod tests {
    use super::{cell, rounded};

    #[test]
    fn a_cell_stays_one_cell_and_is_no_formula() {
        for (text, expected) in [
            ("/work/project", "/work/project"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("a\nb", "\"a\nb\""),
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2", "'-2"),
            ("+cmd|'/c calc'!A0", "'+cmd|'/c calc'!A0"),
            ("=A1,\"x\"", "\"'=A1,\"\"x\"\"\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }

    #[test]
    fn dollars_are_rounded_for_people() {
        for (nanodollars, expected) in [
            (0, "$0.0000"),
            (49_999, "$0.0000"),
            (50_000, "$0.0001"),
            (63_043_000, "$0.0630"),
            (1_999_950_000, "$2.0000"),
            (12_345_678_900_000, "$12345.6789"),
        ] {
            assert_eq!(rounded(nanodollars), expected);
        }
    }
}
