/* Keeps blocks of code that scroll within reach of the keyboard. The theme does so when
 * the page is loaded or the window gets another size, but knows no width of blocks that
 * are not laid out by then: they count as scrolling until they come near. */
"use strict";

const laidOut = new WeakSet();

document.addEventListener(
  "contentvisibilityautostatechange",
  ({ target, skipped }) => {
    if (!target.matches("pre")) return;
    if (skipped) {
      laidOut.delete(target);
    } else {
      laidOut.add(target);
      target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1;
    }
  },
  true,
);

function keepWithinReach() {
  for (const block of document.querySelectorAll('pre[style*="--lines"]'))
    if (!laidOut.has(block)) block.tabIndex = 0;
}

// After the theme, which waits a third of a second.
let waiting;
addEventListener("load", () => setTimeout(keepWithinReach));
addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(keepWithinReach, 500);
});
