/* Cuts a query into words of the index. A browser knows no Korean: the words of the
 * index themselves tell what is a word, what a compound, and what an ending. */
"use strict";

/** Return a query's words as readings, its key, and what to mark in the text.
 * @type {(index: SearchIndex, query: string)
 *   => {words: Reading[][], key: string, shown: string[]}} */
const readQuery = (() => {
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
  const stemmer = new Stemmer();

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
      // A syllable is in so many words that only itself counts.
      const parts = pieces.map((piece) =>
        piece.length > 1 ? exactly(index, piece) : new Map([[piece, 1]]),
      );
      return [{ parts, shown: [form, ...pieces] }];
    };
    const known = forms.find((form) => index.has(form));
    if (known) {
      const reading = { parts: [exactly(index, known)], shown: [known] };
      // Elsewhere it may stand apart: 경사하강법, 경사 하강법.
      const isApart = cut(index, known)?.pieces.every((piece) => piece.length > 1);
      return { form: known, readings: [reading, ...(isApart ? byPieces(known) : [])] };
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
    if (end > 3 && word[end - 1] === "i") end--; // of y: boundaries
    return end > 2 ? word.slice(0, end) : word;
  };

  /** Return the readings of a word that is not Korean, in small letters. */
  const readOther = (index, word) => {
    const stem = stemmer.stemWord(word);
    const shown = shownOf(word, stem);
    const isKnown = index.has(stem);
    const readings = isKnown ? [{ parts: [new Map([[stem, 1]])], shown: [shown] }] : [];
    // Elsewhere it may be two words: backpropagation, back-propagation.
    for (let end = word.length - 3; end > 2; end--) {
      const pieces = [word.slice(0, end), word.slice(end)];
      const stems = pieces.map((piece) => stemmer.stemWord(piece));
      if (!stems.every((piece) => index.has(piece))) continue;
      const parts = stems.map((piece) => new Map([[piece, 1]]));
      const marked = pieces.map((piece, at) => shownOf(piece, stems[at]));
      const weight = isKnown ? 0.5 : 1;
      return [...readings, { parts, shown: isKnown ? [] : [word, ...marked], weight }];
    }
    if (isKnown) return readings;
    return stem.length > 2 ? within(index, stem, shown) : [];
  };

  /** Return a query's words as readings, its key, and what to mark in the text.
   * @param {SearchIndex} index
   * @param {string} query
   * @returns {{words: Reading[][], key: string, shown: string[]}} */
  const understand = (index, query) => {
    const words = [];
    let key = "";
    let before = null;
    /** Let two words also be read as one, if the index has that: 신경 망, 신경망. */
    const join = (joined, readings) => {
      if (!words.length || !index.has(joined)) return;
      const reading = { parts: [exactly(index, joined)], shown: [joined] };
      words.at(-1).push(reading);
      readings.push(reading);
    };
    for (const { 0: run, index: at } of query.normalize("NFC").matchAll(RUN)) {
      const attached = before !== null && at === before.end && !HANGUL.test(before.run);
      const previous = before;
      before = { run, end: at + run.length };
      if (HANGUL.test(run)) {
        if (attached && ENDING.test(run)) continue;
        const { form, readings } = readKorean(index, run);
        if (previous && HANGUL.test(previous.run)) join(previous.run + form, readings);
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
      if (previous && !HANGUL.test(previous.run))
        join(stemmer.stemWord(previous.run.toLowerCase() + word), readings);
      words.push(readings);
    }
    // A word that nothing in the book resembles finds nothing; the others may.
    const known = words.filter((readings) => readings.length);
    const shown = new Set(known.flat().flatMap((reading) => reading.shown));
    return { words: known, key, shown: [...shown] };
  };

  return understand;
})();
