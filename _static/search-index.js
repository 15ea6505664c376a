/* The index of the search (aibook_sphinx/search_index.py), and how well a text fits. */
"use strict";

/**
 * A way to read a word of the query: all of `parts` must stand in a text, and one of
 * the words of a part, each of which counts by its weight, is enough for the part.
 * @typedef {{parts: Map<string, number>[], shown: string[], weight?: number}} Reading
 */

/** The index, and what a query asks of it. */
class SearchIndex {
  // BM25: how soon a repeated word counts no more; how much a long text is marked down.
  static SATURATION = 1.2;
  static LENGTH = 0.5;

  /** @param {{book: object}} data - What the build has written. */
  constructor({ book }) {
    this.postings = new Map(Object.entries(book.words));
    /** The sections that explain something: an entry of the glossary, and the section
     * that it names. */
    this.keys = new Map(
      Object.entries(book.keys).map(([key, sections]) => [
        key,
        [...sections, ...sections.flatMap((section) => book.told[section] ?? [])],
      ]),
    );
    this.weights = book.weights;
    this.sections = book.sections.flat();
    /** The page of each section, and the first section of each page. */
    this.pages = book.sections.flatMap((sections, page) => sections.map(() => page));
    this.firsts = book.weights.map((_, page) => this.pages.indexOf(page));
    // All words of a query must stand in one text: a page, or an entry of the glossary,
    // which has nothing to do with the entry before.
    let text = -1;
    const textOf = this.sections.map(([, , , isEntry], section) =>
      isEntry || this.firsts.includes(section) ? ++text : text,
    );
    /** For both kinds of unit: the unit of each section, the length of each unit. */
    this.units = { text: textOf, section: this.sections.map((_, section) => section) };
    this.lengths = { text: [], section: [] };
    for (const kind of ["text", "section"])
      this.sections.forEach(([, , length], section) => {
        const unit = this.units[kind][section];
        this.lengths[kind][unit] = (this.lengths[kind][unit] ?? 0) + length;
      });
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

  /** Return the scores of the units that hold a part.
   * @param {Map<string, number>} part
   * @param {"text" | "section"} kind - Of the units.
   * @returns {Map<number, number>} */
  scores(part, kind) {
    const { SATURATION, LENGTH } = SearchIndex;
    const lengths = this.lengths[kind];
    const counts = new Map();
    for (const [word, weight] of part)
      for (const [section, count] of this.counts(word)) {
        const unit = this.units[kind][section];
        counts.set(unit, (counts.get(unit) ?? 0) + weight * count);
      }
    const rarity = Math.log(1 + (lengths.length - counts.size + 0.5) / (counts.size + 0.5));
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    for (const [unit, count] of counts) {
      // The root, since a chapter is a hundred times as long as an entry.
      const limit = SATURATION * (1 - LENGTH + LENGTH * Math.sqrt(lengths[unit] / mean));
      counts.set(unit, (rarity * count * (SATURATION + 1)) / (count + limit));
    }
    return counts;
  }

  /** Return for each unit how many words of the query it holds, and its score.
   * @param {Reading[][]} words - The readings of each word.
   * @param {"text" | "section"} kind
   * @returns {Map<number, {matched: number, score: number}>} */
  rank(words, kind) {
    const ranked = new Map();
    for (const readings of words) {
      const best = new Map();
      for (const { parts, weight = 1 } of readings) {
        const scores = parts.map((part) => this.scores(part, kind));
        for (const unit of new Set(scores.flatMap((found) => [...found.keys()]))) {
          const values = scores.map((found) => found.get(unit) ?? 0);
          // A text holds all parts, though perhaps in different sections.
          if (kind === "text" && values.includes(0)) continue;
          const sum = weight * values.reduce((total, value) => total + value);
          best.set(unit, Math.max(best.get(unit) ?? 0, sum));
        }
      }
      for (const [unit, score] of best) {
        const before = ranked.get(unit) ?? { matched: 0, score: 0 };
        ranked.set(unit, { matched: before.matched + 1, score: before.score + score });
      }
    }
    return ranked;
  }
}
