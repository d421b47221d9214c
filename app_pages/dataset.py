"""What the model was fed: categories, years, lengths, and what to know about them."""

import streamlit as st

from app_parts import desk
from app_parts.opening import offer_figure, open_bundle, small_print
from textgen.corpus import news, summary
from textgen.corpus.corpus import readable
from textgen.errors import BundleError, DatasetError
from textgen.storage import DEFAULT_MODEL
from textgen.study import comparison
from textgen.views import corpus_charts, typeset

SOME = 8  # categories that a sentence lists


@st.cache_data(show_spinner="Reading the dataset", max_entries=2)
def summary_of_file(path: str, modified: float) -> summary.Summary:
    return summary.summarise(news.read(path))


@st.cache_data(show_spinner=False, max_entries=1)
def shipped_summary() -> summary.Summary:
    return summary.load()


def markdown(category: str) -> str:
    """A category's name, as it is."""
    return typeset.plain_markdown(readable(category))


def pieces_of_the_model() -> int | None:
    """How many pieces the shipped model knows; None where it cannot be opened."""
    try:
        return open_bundle().facts["tokenizer"]["vocabulary_size"]
    except BundleError:
        return None


desk.enter("dataset")
file = news.locate()
try:
    table = (
        summary_of_file(str(file), file.stat().st_mtime) if file else shipped_summary()
    )
except DatasetError as error:
    st.error(f"The dataset cannot be read. {error}", icon=":material/error:")
    table = shipped_summary()
    file = None
facts, noun = table.facts, news.FACTS.noun

st.header("What the model was fed", anchor=False)
runs = comparison.load().judged.get(DEFAULT_MODEL)
st.markdown(
    f"**{noun.counted(facts['rows'])}** {news.PUBLISHED} from "
    f"{facts['first_date'][:4]} to {facts['last_date'][:4]}, each filed under one of "
    f"**{len(table.categories)} categories**. After dropping repeats and empty ones "
    f"{facts['headlines']:,} are left: {facts['splits']['train']:,} to learn from, "
    f"{facts['splits']['validation']:,} to choose the model by, and "
    f"{facts['splits']['test']:,} to judge finished runs by"
    + (f" (of {DEFAULT_MODEL}, {runs} so far)." if runs else ".")
)
if file and facts != shipped_summary().facts:
    st.info(
        f"These are the counts of {file.name}, not the file that the models that ship "
        "learnt from.",
        icon=":material/info:",
    )

top = table.categories.iloc[0]
share = f"{top['share']:.{int(top['share'] < 0.01)}%}"
st.subheader(
    f"{markdown(top['category'])} leads with {share} of the {noun.many}",
    anchor=False,
)
drawn = table.categories.head(corpus_charts.MOST_DRAWN)
more = len(table.categories) - len(drawn)
st.caption(
    f"Click a category to write {noun.many} of it."
    + (f" The {len(drawn)} largest are drawn; {more} more stand below." if more else "")
)
picked = st.altair_chart(
    corpus_charts.categories(table.categories, noun),
    key="categories",
    on_select="rerun",
    alt=noun.fill("{Many} per category, from ")
    + f"{top['category']} with {top['count']:,} to "
    f"{drawn.iloc[-1]['category']} with {drawn.iloc[-1]['count']:,}",
)
chosen = picked.selection.get("category", [])
if chosen:
    st.switch_page(
        "app_pages/generate.py", query_params={"category": chosen[0]["category"]}
    )
# What the pointer finds in the chart, the keyboard and a screen reader find here.
links = st.expander(
    f"All {len(table.categories)} categories as links",
    icon=":material/list:",
    # Hundreds of them are drawn only for whoever wants to see them.
    on_change="rerun" if more else "ignore",
)
if not more or links.open:
    with links, st.grid(4, min_column_width=200, gap="xsmall", key="category_links"):
        for name, count in table.categories[["category", "count"]].to_numpy():
            st.page_link(
                "app_pages/generate.py",
                label=f"{markdown(name)} · {count:,}",
                query_params={"category": name},
            )
offer_figure(
    "categories", lambda figures: figures.categories(table.categories, news.FACTS)
)

st.subheader("Labels come and go", anchor=False)
largest = {*drawn["category"]}
order = [n for n in summary.year_order(table.category_years) if n in largest]
early = table.categories[table.categories["last_year"] <= 2014]["category"]
years = table.category_years.groupby("category")["year"]
begins = years.min().get(top["category"])
throughout = (years.nunique() == table.category_years["year"].nunique()).sum()
st.markdown(
    "A category is a newsroom's habit, not a law. "
    + (
        ", ".join(map(markdown, early[:SOME]))
        + (f" and {len(early) - SOME} more" if len(early) > SOME else "")
        + " all but stop by 2014; others replace them. "
        if len(early)
        else ""
    )
    + (
        f"{markdown(top['category'])} has no {noun.one} before {begins}. "
        if begins > table.category_years["year"].min()
        else ""
    )
    + "So the model's idea of a category is also an idea of its years."
)
st.altair_chart(
    corpus_charts.category_years(table.category_years, order, noun),
    alt=f"Heat map of {noun.many} per category and year; "
    f"{throughout} of {len(table.categories)} categories have some in every year",
)
offer_figure(
    "category_years",
    lambda figures: figures.category_years(table.category_years, order, news.FACTS),
)
named = {*table.categories["category"]}
twins = [twins for twins in news.NEAR_TWINS if named.issuperset(twins)]
thin, year = news.THINS_OUT
late = table.category_years.query("year >= @year")["count"].sum() / facts["rows"]
st.markdown(
    (
        "**Near-twins**, whose names mean nearly the same: "
        + "; ".join(" and ".join(map(readable, names)) for names in twins)
        + ". "
        if twins
        else ""
    )
    + (
        f"After {thin} the collection thins out: {late:.1%} of the {noun.many} are "
        f"from {year} or later."
        if 0 < late < 0.1
        else ""
    )
)

words = table.lengths[table.lengths["unit"] == "words"]
median = facts["median_words"]
st.subheader(f"{noun.a.capitalize()} is about {median:g} words", anchor=False)
st.altair_chart(
    corpus_charts.lengths(words, median, noun),
    alt=f"{noun.one.capitalize()} lengths in words: the median is {median:g}, "
    f"{summary.share_up_to(words, median):.0%} have as many or fewer, the longest has "
    f"{facts['longest_words']}",
)
offer_figure("lengths", lambda figures: figures.lengths(words, median, news.FACTS))
pieces = pieces_of_the_model()
once = facts["train_words_seen_once"] / facts["train_distinct_words"]
st.markdown(
    f"The training {noun.many} hold {facts['train_distinct_words']:,} different words "
    f"(as written, between spaces), and {once:.0%} of those occur only once. That is "
    "why the model reads pieces of words"
    + (f": with {pieces:,} pieces it can spell anything." if pieces else ".")
)
with st.expander("The most frequent words", icon=":material/format_list_numbered:"):
    st.dataframe(
        table.vocabulary,
        hide_index=True,
        height=300,
        column_config={"count": st.column_config.NumberColumn(format="localized")},
        alt=f"The most frequent words of the training {noun.many} with their counts",
    )

small_print(
    (
        f"Counted live from {file.name}. "
        if file
        else "Counted once from the published file; fetch it with "
        "`python -m textgen dataset download` to count it live. "
    )
    + news.LINKS
)
