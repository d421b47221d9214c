// The address of a page is its settings. Streamlit makes a new entry in the browser's
// history whenever the address changes, so that Back would take settings back one by one.
// Here an entry is a page as it was left: a change on the same page replaces the entry.

const MARK = Symbol.for("textgen.address");

function keepOneEntryPerPage() {
  if (window[MARK]) return;
  window[MARK] = true;
  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    const same = new URL(url, location.href).pathname === location.pathname;
    if (same) history.replaceState(state, title, url);
    else push(state, title, url);
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
  keepOneEntryPerPage();
  // A page that is being left must not write over the address of the next one.
  if (!location.pathname.endsWith(`/${data.page}`)) return;
  const query = [data.query, framing()].filter(Boolean).join("&");
  if (query === location.search.replace(/^\?/, "")) return;
  history.replaceState(history.state, "", (query ? `?${query}` : location.pathname) + location.hash);
}
