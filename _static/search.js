/* Ranks the results of Sphinx's search page.
 *
 * Sphinx reads the query and shows the results; in between stands what is here. The
 * index says how often a word stands in each section. Pages are ranked by that (BM25),
 * those first that explain what the query names, and each is shown once or twice: the
 * page, and the section that fits best. */
"use strict";

{
  // What a page gains that is about what the query names, or explains it somewhere.
  const SUBJECT = 3;
  const EXPLAINED = 2;
  // Sections that name everything and explain nothing.
  const ASIDE = /-(goals|summary|exercises|reading)$/;
  const ASIDE_WEIGHT = 0.5;
  // How many rows stand before objects of the package with a common word's name.
  const PAGES_FIRST = 5;

  /** Compare what was found: all words of the query before some, then by score. */
  const better = (a, b) => b.matched - a.matched || b.score - a.score;

  /** Return the pages found with the best section of each, best first.
   * @returns {{page: number, section: number, matched: number, score: number}[]} */
  const find = (index, { words, key }) => {
    const explaining = index.keys.get(key) ?? [];
    const texts = index.rank(words, "text");
    for (const [text, row] of texts) {
      const gains = explaining
        .filter((section) => index.units.text[section] === text)
        .map((section) => (index.firsts.includes(section) ? SUBJECT : EXPLAINED));
      row.page = index.pages[index.units.text.indexOf(text)];
      row.score *= index.weights[row.page] * Math.max(1, ...gains);
    }
    const sections = [...index.rank(words, "section")].map(([section, { matched, score }]) => {
      const gain = explaining.includes(section) ? EXPLAINED * SUBJECT : 1;
      const weight = ASIDE.test(index.sections[section][0]) ? ASIDE_WEIGHT : 1;
      return { section, matched, score: score * gain * weight };
    });
    const best = new Map();
    for (const { section } of sections.sort(better).reverse())
      best.set(index.units.text[section], section);
    const most = Math.max(...[...texts.values()].map(({ matched }) => matched));
    // After the pages with all words come, of a longer query, those with all but one.
    const enough = most < words.length ? 1 : words.length - (words.length > 2 ? 1 : 0);
    const shown = new Set();
    return [...texts]
      .map(([text, row]) => ({ ...row, section: best.get(text) }))
      .filter(({ matched }) => matched >= enough)
      .sort((a, b) => better(a, b) || a.section - b.section)
      .filter(({ page }) => !shown.has(page) && shown.add(page));
  };

  /** Return the objects of the package that a query names, as Sphinx finds them.
   * @param {string} query
   * @returns {{results: Array[], isName: boolean}} */
  const findObjects = (query) => {
    const name = query.trim().replace(/\(\)$/, "");
    if (!/^[\w.]+$/.test(name)) return { results: [], isName: false };
    const lower = name.toLowerCase();
    const ends = (text, end) => text === end || text.endsWith(`.${end}`);
    const all = Search.performObjectSearch(lower, new Set([lower]));
    const exact = all.filter(([, object]) => ends(object.toLowerCase(), lower));
    const hasMark = /[_.]/.test(name);
    const isName =
      hasMark || (/[a-z][A-Z]/.test(name) && exact.some(([, object]) => ends(object, name)));
    const others = hasMark ? all.filter((result) => !exact.includes(result)) : [];
    const shortFirst = (a, b) => a[1].length - b[1].length || (a[1] < b[1] ? -1 : 1);
    return { results: [...exact.sort(shortFirst), ...others.sort(shortFirst)], isName };
  };

  let index = null;
  const theIndex = () => (index ??= new SearchIndex(Search._index));

  /** As Sphinx's, but of the words that stand in the index. */
  Search._parseQuery = (query) => {
    const { shown } = readQuery(theIndex(), query);
    try {
      localStorage.setItem("sphinx_highlight_terms", shown.join(" "));
    } catch {
      // Storage may be forbidden: the page found then has no marks.
    }
    // An excerpt is taken where the last of them stands: the whole word before its parts.
    return [query, new Set([...shown].reverse()), new Set(), new Set(shown), new Set()];
  };

  /** As Sphinx's: rows for the results, the best one last. */
  Search._performSearch = (query) => {
    const { docnames, titles, filenames } = Search._index;
    const understood = readQuery(theIndex(), query);
    const rows = [];
    for (const { page, section, score } of find(theIndex(), understood)) {
      const title = titles[page];
      const row = (anchor, text, kind) =>
        rows.push([docnames[page], text, anchor, null, score, filenames[page], kind]);
      const isFirst = section === theIndex().firsts[page];
      const lower = title.toLowerCase();
      const inTitle = understood.words.every((readings) =>
        readings.some(({ shown }) => lower.includes(shown[0])),
      );
      if (isFirst || inTitle) row("", title, SearchResultKind.title);
      const [anchor, heading] = theIndex().sections[section];
      if (!isFirst) row(`#${anchor}`, `${title} > ${heading}`, SearchResultKind.text);
    }
    const { results: objects, isName } = findObjects(query);
    // A name goes first; what might be a word comes after some pages.
    rows.splice(isName ? 0 : PAGES_FIRST, 0, ...objects);
    return rows.reverse();
  };

  // An excerpt is of the article's prose, not of the buttons, code and figures in it;
  // formulas carry their source, which would show twice.
  const NO_PROSE = ".headerlink, script, style, annotation, pre, svg";
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll(NO_PROSE).forEach((e) => e.remove());
    const part = anchor ? page.getElementById(anchor.slice(1)) : null;
    // A term of the glossary, and what it means.
    if (part?.matches("dt")) return `${part.textContent} ${part.nextElementSibling?.textContent}`;
    return (part ?? page.querySelector("article"))?.textContent ?? "";
  };

  // From disk a page must not fetch another, so results come without an excerpt.
  if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}
