"""Search in Korean, whose words carry particles and endings.

Sphinx knows no Korean: it would index 가중치는 and 가중치를 as two words, find
neither by 가중치 where that also stands alone, and no word inside a compound.
Here a word is indexed by its stem and by the stem's beginnings and ends
(기계학습: 기계, 학습, ...), and a query is stemmed alike in the browser. The
endings are a short list, not a morphological analysis; a word cut too short
finds a little more, never less. Other words are stemmed as English.
"""

from __future__ import annotations

import json
import re

from sphinx.search.en import SearchEnglish

_ENDINGS = """
    은 는 이 가 을 를 의 에 와 과 도 로 만
    에서 에게 으로 까지 부터 처럼 보다 마다 이나 이란 이라 이며 이다 입니다
    하다 하는 하고 하면 하여 하지 하기 한 한다 할 해 해서 합니다 했다 했습니다
    되다 되는 되고 되면 되어 되지 된 된다 될 됩니다 되었습니다
    시키다 시키는 시키고 시키면 시킨 시켜 시킵니다
""".split()  # noqa: SIM905

_ENDING = "(?:" + "|".join(sorted(_ENDINGS, key=lambda e: (-len(e), e))) + ")"
# The shortest stem of two syllables or more, for both Python and JavaScript.
_STEM = f"^([가-힣]{{2,}}?){_ENDING}+$"
# A noun of one syllable, where a particle follows: 값을.
_SHORT = f"^([가-힣]){_ENDING}$"
# Hangul and the rest part company: XOR를 holds XOR.
_WORD = "[가-힣]+|[^\\W가-힣]+"

# Follows the English stemmer in the page, and wraps it.
_SCRIPT = """
const aibookEnding = new RegExp(%(ending)s);
const aibookStem = new RegExp(%(stem)s);
const aibookEnglish = new EnglishStemmer();
window.Stemmer = function () {
  this.stemWord = (word) => {
    const match = aibookStem.exec(word);
    if (match) return match[1];
    return /^[가-힣]/.test(word) ? word : aibookEnglish.stemWord(word);
  };
};
var splitQuery = (query) =>
  (query.match(/[가-힣]+|(?:(?![가-힣])[\\p{Letter}\\p{Number}_])+/gu) || []).filter(
    (word, at, words) => at === 0 || !aibookEnding.test(word),
  );
"""


class SearchKorean(SearchEnglish):
    """Split and stem Korean text, and the English words in it.

    Examples
    --------
    >>> search = SearchKorean({})
    >>> search.stem("가중치에서는"), search.stem("networks")
    ('가중치', 'network')
    >>> search.split("학습률을 XOR에")
    ['학습률', '학습', '습률', 'XOR']
    """

    lang = "ko"
    # Sphinx makes the stemmer's name of it: the English one, which is wrapped.
    language_name = "English"
    js_splitter_code = _SCRIPT % {
        "ending": json.dumps(f"^{_ENDING}$"),
        "stem": json.dumps(_STEM),
    }

    def stem(self, word: str) -> str:
        """Return the word without its endings."""
        match = re.match(_STEM, word)
        if match:
            return match[1]
        return word if re.match("[가-힣]", word) else super().stem(word)

    def split(self, input: str) -> list[str]:
        """Return the words to index: of Korean ones the stem and its parts."""
        words = []
        for word in re.findall(_WORD, input):
            if re.match("[가-힣]", word):
                words += self._parts(word)
            else:
                words.append(word)
        return words

    def _parts(self, word: str) -> list[str]:
        if re.fullmatch(_ENDING, word):
            return []
        stem = self.stem(word)
        short = re.match(_SHORT, word)
        parts = [stem, *([short[1]] if short else [])]
        size = len(stem)
        parts += [stem[:end] for end in range(size - 1, 1, -1)]
        parts += [stem[start:] for start in range(1, size - 1)]
        return parts
