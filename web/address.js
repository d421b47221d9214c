// The address of a page is its settings. Streamlit makes a new entry in the browser's
// history whenever the address changes, so that Back would take settings back one by one.
// Here an entry is a page as it was left: a change on the same page replaces the entry.

const MARK = Symbol.for("textgen.address");

/** What is known of this window: the address that was said last. */
function known() {
  if (!window[MARK]) {
    window[MARK] = { session: null, turn: 0 };
    keepOneEntryPerPage();
  }
  return window[MARK];
}

function keepOneEntryPerPage() {
  const push = history.pushState.bind(history);
  // Who goes back twice is on another page before the first answer has come. Streamlit
  // then makes an entry for the page that is answered, which would cut off the way
  // forward; the page that is wanted comes next. Only a click asks for a new entry.
  let travelling = false;
  addEventListener("popstate", () => { travelling = true; });
  addEventListener("click", () => { travelling = false; }, { capture: true });
  history.pushState = (state, title, url) => {
    const same = new URL(url, location.href).pathname === location.pathname;
    if (same) history.replaceState(state, title, url);
    else if (!travelling) push(state, title, url);
  };
}

/** Whether Streamlit shows the app in a frame is not ours to say, so it is kept. */
function framing() {
  const kept = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (/^embed(_options)?$/i.test(name)) kept.append(name, value);
  }
  return kept.toString();
}

export default function ({ data }) {
  // Two elements say the address, when a run begins and, if it has changed, when it ends;
  // which of them the browser hears first is a matter of luck.
  const last = known();
  if (data.session === last.session && data.turn < last.turn) return;
  last.session = data.session;
  last.turn = data.turn;
  // A page that is being left must not write over the address of the next one.
  if (!location.pathname.endsWith(`/${data.page}`)) return;
  const query = [data.query, framing()].filter(Boolean).join("&");
  if (query === location.search.replace(/^\?/, "")) return;
  history.replaceState(history.state, "", (query ? `?${query}` : location.pathname) + location.hash);
}
