/* Marks the words of a search on the page found, in the prose of its article only.
 * Sphinx would put marks into formulas, figures and the menus, too: this script comes
 * before Sphinx's, and leaves it no words. */
"use strict";

{
  const KEY = "sphinx_highlight_terms";
  const UNMARKED = "math, svg, pre, script, style, button, select, textarea, .headerlink";

  /** Return the words to mark, from the search page or the address, only once. */
  const takeWords = () => {
    const address = new URL(location);
    const asked = address.searchParams.get("highlight") ?? "";
    if (asked) {
      address.searchParams.delete("highlight");
      history.replaceState({}, "", address);
    }
    try {
      const stored = localStorage.getItem(KEY);
      localStorage.removeItem(KEY);
      return (stored || asked).split(/\s+/).filter(Boolean);
    } catch {
      return asked.split(/\s+/).filter(Boolean); // storage may be forbidden
    }
  };

  /** Put a mark around each match in a text. */
  const mark = (text, pattern) => {
    const pieces = text.data.split(pattern);
    if (pieces.length < 2) return;
    const nodes = pieces.map((piece, at) => {
      if (at % 2 === 0) return piece;
      const span = document.createElement("span");
      span.className = "highlighted";
      span.textContent = piece;
      return span;
    });
    text.replaceWith(...nodes);
  };

  const highlight = (words) => {
    const article = document.querySelector("article");
    if (!words.length || !article) return;
    words.sort((a, b) => b.length - a.length);
    const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const pattern = new RegExp(`(${escaped.join("|")})`, "giu");
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode())
      if (!walker.currentNode.parentElement.closest(UNMARKED)) texts.push(walker.currentNode);
    texts.forEach((text) => mark(text, pattern));

    const hide = document.createElement("button");
    hide.type = "button";
    hide.className = "btn btn-sm highlight-link";
    hide.textContent = Documentation.gettext("Hide Search Matches");
    hide.addEventListener("click", SphinxHighlight.hideSearchWords);
    document.getElementById("searchbox")?.append(hide);
  };

  const words = takeWords();
  // When Sphinx's own scripts, its translations among them, are there.
  document.addEventListener("DOMContentLoaded", () => highlight(words));
}
