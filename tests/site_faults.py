"""What is wrong with the layout of a page's figures, as a browser draws them."""

# What a reader would call a fault of a figure's layout.
FAULTS = """() => [...document.querySelectorAll("svg.book-figure")].flatMap((svg) => {
  const name = svg.closest("figure")?.id ?? "?";
  const frame = svg.getBoundingClientRect();
  // Of a slider's frames one is seen: test_sliders looks at all.
  const written = [...svg.querySelectorAll("text")]
    .filter((e) => !e.closest('[display="none"]'));
  const texts = written.map((e) => ({
    label: e.textContent,
    box: e.getBoundingClientRect(),
    size: parseFloat(getComputedStyle(e).fontSize),
  }));
  const faults = [];
  if (frame.left < 0 || frame.right > innerWidth)
    faults.push(`${name}: wider than the window`);
  for (const { label, box } of texts) {
    const slack = 0.25 * Math.min(box.height, box.width);
    if (box.left < frame.left - slack || box.right > frame.right + slack ||
        box.top < frame.top - slack || box.bottom > frame.bottom + slack)
      faults.push(`${name}: ${label} leaves the figure`);
  }
  texts.forEach((a, i) => texts.slice(i + 1).forEach((b) => {
    const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
    const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
    if (wide > 1 && high > 0.35 * Math.min(a.box.height, b.box.height))
      faults.push(`${name}: ${a.label} and ${b.label} lie upon each other`);
  }));
  const scale = frame.width / svg.viewBox.baseVal.width;
  const least = scale * Math.min(...texts.map(({ size }) => size));
  if (least < 7.5) faults.push(`${name}: letters of ${least.toFixed(1)} px`);
  return faults;
})"""
