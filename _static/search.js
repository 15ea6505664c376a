/* Ranks the results of Sphinx's search page, and cuts Korean queries into words.
 *
 * Sphinx reads the query and shows the results; in between stands what is here. The
 * index (aibook_sphinx/search.py) says how often a word stands in each section. Pages
 * are ranked by that (BM25), those first that explain what the query names, and each
 * is shown once or twice: the page, and the section that fits best. A browser knows no
 * Korean: the words of the index themselves tell what is a word and what an ending. */
"use strict";

if (typeof Search === "object") {
  const HANGUL = /^[가-힣]/;
  const RUN = /[가-힣]+|(?:(?![가-힣])[\p{L}\p{N}_])+/gu;
  // Particles, and the endings of verbs made from nouns.
  const ENDING = new RegExp(
    `^(?:${[
      "은 는 이 가 을 를 의 에 와 과 도 로 만 란 나 랑 인 입니다 이다 이며 이고 이나 이란 이라 라고 이라고",
      "으로 에서 에게 까지 부터 처럼 보다 마다 이랑 하고 대로 밖에 조차 뿐 들 하기 함 됨 되기",
      "하다 하는 하면 하여 하지 한 한다 할 해 해서 합니다 했다 했습니다 하려면 하자 해요 하나요 할까",
      "되다 되는 되고 되면 되어 되지 된 된다 될 됩니다 되었습니다 돼요 되나요 인가 인가요 이란 란 일까",
      "시키다 시키는 시키고 시키면 시킨 시켜 시킵니다 시키기",
      "다 고 기 게 지 며 면 는데 은데 어 아 었다 았다 습니다",
    ]
      .join(" ")
      .split(" ")
      .sort((a, b) => b.length - a.length)
      .join("|")})+$`,
  );
  // BM25: how soon a repeated word counts no more; how much a long text is marked down.
  const SATURATION = 1.2;
  const LENGTH = 0.5;
  // What a page gains that is about what the query names, or explains it somewhere.
  const SUBJECT = 3;
  const EXPLAINED = 2;
  // Sections that name everything and explain nothing.
  const ASIDE = /-(goals|summary|exercises|reading)$/;
  const ASIDE_WEIGHT = 0.5;
  const stemmer = new Stemmer();

  /**
   * A way to read a word of the query: all of `parts` must stand in a text, and one of
   * the words of a part, each of which counts by its weight, is enough for the part.
   * @typedef {{parts: Map<string, number>[], shown: string[]}} Reading
   */

  /** The index, and what a query asks of it. */
  class Index {
    /** @param {{docnames: string[], book: object}} data - What the build has written. */
    constructor({ book }) {
      this.postings = new Map(Object.entries(book.words));
      this.keys = new Map(Object.entries(book.keys));
      this.weights = book.weights;
      this.sections = book.sections.flat();
      /** The page of each section, and the first section of each page. */
      this.pages = book.sections.flatMap((sections, page) => sections.map(() => page));
      this.firsts = book.weights.map((_, page) => this.pages.indexOf(page));
      const lengths = this.sections.map(([, , length]) => length);
      const pageLengths = this.weights.map(() => 0);
      lengths.forEach((length, section) => (pageLengths[this.pages[section]] += length));
      this.lengths = { section: lengths, page: pageLengths };
    }

    has(word) {
      return this.postings.has(word);
    }

    /** Return how often a word stands in which section.
     * @param {string} word
     * @returns {[number, number][]} */
    counts(word) {
      const found = [];
      const postings = this.postings.get(word);
      for (let at = 0, section = -1; at < postings.length; at += 2) {
        section += postings[at];
        found.push([section, postings[at + 1]]);
      }
      return found;
    }

    /** Return the words that `test` accepts; the less of one was asked for, the less it
     * counts.
     * @param {string} asked
     * @param {(word: string) => boolean} test
     * @returns {Map<string, number>} */
    similar(asked, test) {
      const words = [...this.postings.keys()].filter((word) => word !== asked && test(word));
      return new Map(words.map((word) => [word, (0.5 * asked.length) / word.length]));
    }

    /** Return the scores of the texts that hold a part.
     * @param {Map<string, number>} part
     * @param {"page" | "section"} kind - Of the texts.
     * @returns {Map<number, number>} */
    scores(part, kind) {
      const lengths = this.lengths[kind];
      const counts = new Map();
      for (const [word, weight] of part)
        for (const [section, count] of this.counts(word)) {
          const text = kind === "page" ? this.pages[section] : section;
          counts.set(text, (counts.get(text) ?? 0) + weight * count);
        }
      const rarity = Math.log(1 + (lengths.length - counts.size + 0.5) / (counts.size + 0.5));
      const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
      for (const [text, count] of counts) {
        const limit = SATURATION * (1 - LENGTH + (LENGTH * lengths[text]) / mean);
        counts.set(text, (rarity * count * (SATURATION + 1)) / (count + limit));
      }
      return counts;
    }

    /** Return for each text how many words of the query it holds, and its score.
     * @param {Reading[][]} words - The readings of each word.
     * @param {"page" | "section"} kind
     * @returns {Map<number, {matched: number, score: number}>} */
    rank(words, kind) {
      const ranked = new Map();
      for (const readings of words) {
        const best = new Map();
        for (const { parts } of readings) {
          const [first, ...others] = parts.map((part) => this.scores(part, kind));
          for (const [text, score] of first) {
            if (!others.every((scores) => scores.has(text))) continue;
            const sum = others.reduce((total, scores) => total + scores.get(text), score);
            best.set(text, Math.max(best.get(text) ?? 0, sum));
          }
        }
        for (const [text, score] of best) {
          const before = ranked.get(text) ?? { matched: 0, score: 0 };
          ranked.set(text, { matched: before.matched + 1, score: before.score + score });
        }
      }
      return ranked;
    }
  }

  /** Return a reading by one word of the index and, if it is Korean, its compounds. */
  const exactly = (index, word) => {
    const isKorean = HANGUL.test(word);
    const compound = (other) => other.startsWith(word) || other.endsWith(word);
    const others = isKorean ? index.similar(word, compound) : [];
    return new Map([[word, 1], ...others]);
  };

  /** Return the fewest words of the index that make up a Korean word, or null. */
  const cut = (index, word) => {
    /** @type {({cost: number, pieces: string[]} | null)[]} */
    const best = [{ cost: 0, pieces: [] }];
    for (let end = 1; end <= word.length; end++) {
      best[end] = null;
      for (let start = 0; start < end; start++) {
        const piece = word.slice(start, end);
        if (!best[start] || piece === word || !index.has(piece)) continue;
        const cost = best[start].cost + (piece.length > 1 ? 1 : 2);
        if (!best[end] || cost < best[end].cost)
          best[end] = { cost, pieces: [...best[start].pieces, piece] };
      }
    }
    return best[word.length];
  };

  /** Read a part of words which hold what was asked for, if there are any. */
  const within = (index, asked, shown) => {
    for (const test of [(w) => w.startsWith(asked), (w) => asked.length > 1 && w.includes(asked)]) {
      const words = index.similar(asked, test);
      if (words.size) return [{ parts: [words], shown: [shown] }];
    }
    return [];
  };

  /** Return the readings of a Korean word, and the word without its endings.
   * @returns {{form: string, readings: Reading[]}} */
  const readKorean = (index, word) => {
    const forms = [word];
    for (let end = word.length - 1; end > 0; end--)
      if (ENDING.test(word.slice(end))) forms.push(word.slice(0, end));
    const byPieces = (form) => {
      const pieces = cut(index, form)?.pieces;
      if (!pieces) return [];
      const parts = pieces.map((piece) => exactly(index, piece));
      return [{ parts, shown: [form, ...pieces] }];
    };
    const known = forms.find((form) => index.has(form));
    if (known) {
      const reading = { parts: [exactly(index, known)], shown: [known] };
      return { form: known, readings: [reading, ...byPieces(known)] };
    }
    const costs = forms.map((form) => cut(index, form)?.cost ?? Infinity);
    const cheapest = Math.min(...costs);
    if (cheapest < Infinity) {
      const form = forms[costs.indexOf(cheapest)];
      return { form, readings: byPieces(form) };
    }
    for (const form of forms) {
      const readings = within(index, form, form);
      if (readings.length) return { form, readings };
    }
    return { form: word, readings: [] };
  };

  /** Return the beginning that a word and its stem have in common. */
  const shownOf = (word, stem) => {
    let end = 0;
    while (end < stem.length && word[end] === stem[end]) end++;
    return end > 2 ? word.slice(0, end) : word;
  };

  /** Return the readings of a word that is not Korean, in small letters. */
  const readOther = (index, word) => {
    const stem = stemmer.stemWord(word);
    const shown = shownOf(word, stem);
    if (index.has(stem)) return [{ parts: [new Map([[stem, 1]])], shown: [shown] }];
    for (let end = word.length - 3; end > 2; end--) {
      const pieces = [word.slice(0, end), word.slice(end)];
      const stems = pieces.map((piece) => stemmer.stemWord(piece));
      if (stems.every((piece) => index.has(piece)))
        return [
          {
            parts: stems.map((piece) => new Map([[piece, 1]])),
            shown: [word, ...pieces.map((piece, at) => shownOf(piece, stems[at]))],
          },
        ];
    }
    return stem.length > 2 ? within(index, stem, shown) : [];
  };

  /** Return a query's words as readings, its key, and what to mark in the text.
   * @param {Index} index
   * @param {string} query
   * @returns {{words: Reading[][], key: string, shown: string[]}} */
  const understand = (index, query) => {
    const words = [];
    let key = "";
    let before = null;
    for (const { 0: run, index: at } of query.normalize("NFC").matchAll(RUN)) {
      const attached = before !== null && at === before.end && !HANGUL.test(before.run);
      const previous = before;
      before = { run, end: at + run.length };
      if (HANGUL.test(run)) {
        if (attached && ENDING.test(run)) continue;
        const { form, readings } = readKorean(index, run);
        key += form;
        words.push(readings);
        continue;
      }
      const word = run.toLowerCase();
      // As in the index: numbers, letters, and common words unless in capitals.
      if (word.length < 2 || /^\p{N}+$/u.test(word)) continue;
      if (stopwords.has(word) && run !== run.toUpperCase()) continue;
      key += stemmer.stemWord(word);
      const readings = readOther(index, word);
      const joined = previous && stemmer.stemWord(previous.run.toLowerCase() + word);
      if (joined && index.has(joined)) {
        const reading = { parts: [new Map([[joined, 1]])], shown: [joined] };
        words.at(-1)?.push(reading);
        readings.push(reading);
      }
      words.push(readings);
    }
    // A word that nothing in the book resembles finds nothing; the others may.
    const known = words.filter((readings) => readings.length);
    const shown = new Set(known.flat().flatMap((reading) => reading.shown));
    return { words: known, key, shown: [...shown] };
  };

  /** Compare what was found: all words of the query before some, then by score. */
  const better = (a, b) => b.matched - a.matched || b.score - a.score;

  /** Return the pages found with the best section of each, best first.
   * @returns {{page: number, section: number, matched: number, score: number}[]} */
  const find = (index, { words, key }) => {
    const explaining = index.keys.get(key) ?? [];
    const pages = index.rank(words, "page");
    for (const [page, row] of pages) {
      const gains = explaining
        .filter((section) => index.pages[section] === page)
        .map((section) => (section === index.firsts[page] ? SUBJECT : EXPLAINED));
      row.score *= index.weights[page] * Math.max(1, ...gains);
    }
    const sections = [...index.rank(words, "section")].map(([section, { matched, score }]) => {
      const gain = explaining.includes(section) ? EXPLAINED * SUBJECT : 1;
      const weight = ASIDE.test(index.sections[section][0]) ? ASIDE_WEIGHT : 1;
      return { page: index.pages[section], section, matched, score: score * gain * weight };
    });
    const best = new Map();
    for (const row of sections.sort(better)) if (!best.has(row.page)) best.set(row.page, row.section);
    const most = Math.max(...[...pages.values()].map(({ matched }) => matched));
    return [...pages]
      .map(([page, row]) => ({ page, section: best.get(page), ...row }))
      .filter(({ matched }) => matched === most || most < words.length)
      .sort((a, b) => better(a, b) || a.page - b.page);
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
  const theIndex = () => (index ??= new Index(Search._index));

  /** As Sphinx's, but of the words that stand in the index. */
  Search._parseQuery = (query) => {
    const { shown } = understand(theIndex(), query);
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
    const understood = understand(theIndex(), query);
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
    // A name goes first; what might be a word comes after the pages that fit it well.
    const after = isName ? 0 : rows.filter((row) => row[4] >= 0.35 * rows[0][4]).length;
    rows.splice(after, 0, ...objects);
    return rows.reverse();
  };

  // An excerpt is of the article's prose, not of the buttons, code and figures in it;
  // formulas carry their source, which would show twice.
  const NO_PROSE = ".headerlink, script, style, annotation, pre, svg";
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll(NO_PROSE).forEach((e) => e.remove());
    const part = anchor ? page.getElementById(anchor.slice(1)) : null;
    return (part ?? page.querySelector("article"))?.textContent ?? "";
  };

  // From disk a page must not fetch another, so results come without an excerpt.
  if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}
