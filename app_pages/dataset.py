"""What the model was fed: categories, years, lengths, and what to know about them."""

import streamlit as st

from app_parts import desk
from app_parts.opening import offer_figure, small_print
from textgen.corpus import news, summary
from textgen.errors import DatasetError
from textgen.storage import DEFAULT_MODEL
from textgen.study import comparison
from textgen.views import corpus_charts, typeset


@st.cache_data(show_spinner="Reading the dataset", max_entries=2)
def summary_of_file(path: str, modified: float) -> summary.Summary:
    return summary.summarise(news.read(path))


@st.cache_data(show_spinner=False, max_entries=1)
def shipped_summary() -> summary.Summary:
    return summary.load()


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
facts = table.facts

st.header("What the model was fed", anchor=False)
runs = comparison.load().judged.get(DEFAULT_MODEL)
st.markdown(
    f"**{facts['rows']:,} headlines** that HuffPost published from "
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
st.subheader(
    f"{top['category'].title()} leads with {top['share']:.0%} of the headlines",
    anchor=False,
)
st.caption("Click a category to write headlines of it.")
picked = st.altair_chart(
    corpus_charts.categories(table.categories),
    key="categories",
    on_select="rerun",
    alt=f"Headlines per category, from {top['category']} with {top['count']:,} to "
    f"{table.categories.iloc[-1]['category']} with "
    f"{table.categories.iloc[-1]['count']:,}",
)
chosen = picked.selection.get("category", [])
if chosen:
    st.switch_page(
        "app_pages/generate.py", query_params={"category": chosen[0]["category"]}
    )
# What the pointer finds in the chart, the keyboard and a screen reader find here.
with (
    st.expander(
        f"All {len(table.categories)} categories as links", icon=":material/list:"
    ),
    st.grid(4, min_column_width=200, gap="xsmall", key="category_links"),
):
    for name, count in table.categories[["category", "count"]].to_numpy():
        st.page_link(
            "app_pages/generate.py",
            label=typeset.plain_markdown(f"{name.title()} · {count:,}"),
            query_params={"category": name},
        )
offer_figure("categories", lambda figures: figures.categories(table.categories))

st.subheader("Labels come and go", anchor=False)
order = summary.year_order(table.category_years)
early = table.categories[table.categories["last_year"] <= 2014]["category"]
years = table.category_years.groupby("category")["year"]
begins = years.min().get(top["category"])
throughout = (years.nunique() == table.category_years["year"].nunique()).sum()
st.markdown(
    "A category is a newsroom's habit, not a law. "
    + (
        ", ".join(name.title() for name in early)
        + " all but stop by 2014; others replace them. "
        if len(early)
        else ""
    )
    + (
        f"{top['category'].title()} has no headline before {begins}. "
        if begins > table.category_years["year"].min()
        else ""
    )
    + "So the model's idea of a category is also an idea of its years."
)
st.altair_chart(
    corpus_charts.category_years(table.category_years, order),
    alt="Heat map of headlines per category and year; "
    f"{throughout} of {len(table.categories)} categories have some in every year",
)
offer_figure(
    "category_years",
    lambda figures: figures.category_years(table.category_years, order),
)
named = {*table.categories["category"]}
twins = [twins for twins in news.NEAR_TWINS if named.issuperset(twins)]
late = table.category_years.query("year >= 2019")["count"].sum() / facts["rows"]
st.markdown(
    (
        "**Near-twins**, whose names mean nearly the same: "
        + "; ".join(" and ".join(map(str.title, names)) for names in twins)
        + ". "
        if twins
        else ""
    )
    + (
        f"After May 2018 the collection thins out: {late:.1%} of the headlines are "
        "from 2019 or later."
        if 0 < late < 0.1
        else ""
    )
)

words = table.lengths[table.lengths["unit"] == "words"]
median = facts["median_words"]
st.subheader(f"A headline is about {median:g} words", anchor=False)
st.altair_chart(
    corpus_charts.lengths(words, median),
    alt=f"Headline lengths in words: the median is {median:g}, "
    f"{summary.share_up_to(words, median):.0%} have as many or fewer, the longest has "
    f"{facts['longest_words']}",
)
offer_figure("lengths", lambda figures: figures.lengths(words, median))
once = facts["train_words_seen_once"] / facts["train_distinct_words"]
st.markdown(
    f"The training headlines hold {facts['train_distinct_words']:,} different words "
    f"(as written, between spaces), and {once:.0%} of those occur only once. That is "
    "why the model reads pieces of words: with 8,192 pieces it can spell anything."
)
with st.expander("The most frequent words", icon=":material/format_list_numbered:"):
    st.dataframe(
        table.vocabulary,
        hide_index=True,
        height=300,
        column_config={"count": st.column_config.NumberColumn(format="localized")},
        alt="The most frequent words of the training headlines with their counts",
    )

small_print(
    (
        f"Counted live from {file.name}. "
        if file
        else "Counted once from the published file; put Kaggle's file into data/ to "
        "count it live. "
    )
    + "News Category Dataset, Rishabh Misra, "
    "[arXiv:2209.11429](https://arxiv.org/abs/2209.11429), Kaggle "
    "[rmisra/news-category-dataset]"
    "(https://www.kaggle.com/datasets/rmisra/news-category-dataset). The headlines "
    "are HuffPost's; licence reported as CC BY 4.0, not confirmed from the publisher's "
    "page."
)
