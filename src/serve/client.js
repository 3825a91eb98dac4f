// Listens for builds, in a page that `dateline watch` serves. `reload.rs` decides what concerns this tab.
(() => {
  const { revision: start, base, missing } = document.currentScript.dataset;
  const key = "dateline-scroll";
  let revision = start, source, box;

  const reload = (to) => {
    try { sessionStorage[key] = JSON.stringify([to || location.href, scrollX, scrollY]); } catch {}
    source.close();
    to ? location.replace(to) : location.reload();
  };

  const path = (url) => new URL(url, location).pathname;

  // Swaps style sheets in place. False when the page uses a changed file in another way.
  const swap = (files) => files.every((file) => {
    const links = [...document.querySelectorAll("link[rel~=stylesheet]:not([data-old])")].filter((l) => path(l.href) === file);
    for (const old of links) {
      const fresh = old.cloneNode();
      fresh.href = file + "?" + revision;
      old.dataset.old = "";
      // The old one stays until the new one is there: no flash of a page without style.
      fresh.onload = fresh.onerror = () => old.remove();
      old.after(fresh);
    }
    return links.length || !performance.getEntriesByType("resource").some((r) => path(r.name) === file);
  });

  const overlay = (html) => {
    box?.remove();
    box = null;
    if (!html) return;
    box = document.createElement("dateline-errors");
    box.attachShadow({ mode: "open" }).innerHTML = html;
    box.shadowRoot.querySelector("button").onclick = () => overlay();
    document.documentElement.append(box);
  };

  const close = () => { source?.close(); source = null; };
  const connect = () => {
    // A browser has six connections to a host: a tab that nobody sees gives its own back, and catches up later.
    if (source || document.hidden) return;
    const query = new URLSearchParams({ since: revision, base, missing, path: location.pathname });
    source = new EventSource("/__dateline/events?" + query);
    source.onmessage = ({ data }) => {
      const told = JSON.parse(data);
      revision = told.revision;
      if (told.go) return reload(told.go + location.search + location.hash);
      if (told.reload || !swap(told.files)) return reload();
      overlay(told.error);
    };
    source.onerror = () => { if (source?.readyState === 2) { close(); setTimeout(connect, 1000); } };
  };

  addEventListener("load", () => {
    const [href, x, y] = JSON.parse(sessionStorage[key] || "[]");
    delete sessionStorage[key];
    if (href === location.href) scrollTo({ left: x, top: y, behavior: "instant" });
  });
  document.addEventListener("visibilitychange", () => document.hidden ? close() : connect());
  addEventListener("pagehide", close);
  addEventListener("pageshow", connect);
  connect();
})();
