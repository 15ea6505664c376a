/* A recogniser of drawn digits: see aibook_sphinx.recogniser. The network, in 8 bits,
 * and the texts stand in the page. `likeMnist` and `forward` compute what
 * aibook.vision.centring and aibook.models.int8_digits do. */
"use strict";

for (const root of document.querySelectorAll(".book-recogniser")) {
  const SIDE = 112; // of the drawing, in pixels
  const RADIUS = 4.5; // of the pen
  const STEP = 7; // of an arrow key
  const { texts, model } = JSON.parse(root.querySelector("script").textContent);
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const layers = model.layers.map((layer) => ({
    ...layer,
    weight: new Int8Array(bytes(layer.weight).buffer),
  }));
  const samples = bytes(model.samples);

  // --- from a drawing to 28x28 pixels ---------------------------------------------

  // Which share of each of 28 pixels each pixel of the drawing fills.
  function cover(centre, step) {
    return Array.from({ length: 28 }, (_, r) => {
      const start = centre + step * (r - 14.5);
      return Array.from({ length: SIDE }, (_, i) =>
        Math.max(Math.min(start + step, i + 1) - Math.max(start, i), 0) / step);
    });
  }

  function likeMnist(ink) {
    let [mass, x, y, left, right, top, bottom] = [0, 0, 0, SIDE, 0, SIDE, 0];
    ink.forEach((value, i) => {
      if (!value) return;
      const [row, column] = [Math.floor(i / SIDE), i % SIDE];
      mass += value;
      x += value * (column + 0.5);
      y += value * (row + 0.5);
      [left, right] = [Math.min(left, column), Math.max(right, column)];
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    });
    const small = new Uint8Array(784);
    if (!mass) return small;
    const step = (1 + Math.max(right - left, bottom - top)) / 20;
    const [down, across] = [cover(y / mass, step), cover(x / mass, step)];
    for (let r = 0; r < 28; r++) {
      const line = new Float64Array(SIDE);
      for (let i = top; i <= bottom; i++)
        if (down[r][i])
          for (let j = left; j <= right; j++) line[j] += down[r][i] * ink[i * SIDE + j];
      for (let c = 0; c < 28; c++) {
        let sum = 0;
        for (let j = left; j <= right; j++) sum += across[c][j] * line[j];
        small[28 * r + c] = Math.min(Math.floor(sum + 0.5), 255);
      }
    }
    return small;
  }

  // --- the network ----------------------------------------------------------------

  // Whole numbers but for `factor`; JavaScript adds them exactly.
  function forward(pixels) {
    let codes = Array.from(pixels, (value) => value - 128);
    let side = 28;
    for (const { weight, shape, bias, factor, zeroIn, zeroOut, stride, padding } of layers) {
      const [outputs, inputs, kernel] = shape;
      const after = Math.floor((side + 2 * padding - kernel) / stride) + 1;
      const next = [];
      for (let o = 0; o < outputs; o++)
        for (let r = 0; r < after; r++)
          for (let c = 0; c < after; c++) {
            let sum = bias[o];
            for (let i = 0; i < inputs; i++)
              for (let a = 0; a < kernel; a++)
                for (let b = 0; b < kernel; b++) {
                  const [row, column] = [r * stride + a - padding, c * stride + b - padding];
                  if (row < 0 || column < 0 || row >= side || column >= side) continue;
                  const x = codes[(i * side + row) * side + column] - zeroIn;
                  sum += x * weight[((o * inputs + i) * kernel + a) * kernel + b];
                }
            const scaled = sum * factor[o];
            next.push(zeroOut === null ? scaled
              : Math.max(-128, zeroOut, Math.min(127, Math.floor(scaled + 0.5) + zeroOut)));
          }
      [codes, side] = [next, after];
    }
    const powers = codes.map((z) => Math.exp(z - Math.max(...codes)));
    const total = powers.reduce((a, b) => a + b);
    return powers.map((p) => p / total);
  }

  // --- what the reader sees -------------------------------------------------------

  function add(parent, tag, attributes = {}, text = "") {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return parent.appendChild(element);
  }

  const board = add(root, "div", { class: "board" });
  const canvas = add(board, "canvas", {
    width: SIDE, height: SIDE, tabindex: 0, role: "application",
    "aria-label": texts.area, "aria-describedby": "recogniser-hint",
  });
  const pen = add(board, "span", { class: "pen" });
  const result = add(root, "div", { class: "result" });
  const says = add(result, "p", { role: "status" }, texts.empty);
  const list = add(result, "ol", { "aria-label": texts.chances });
  const rows = Array.from({ length: 10 }, (_, digit) => {
    const row = add(list, "li");
    add(row, "span", {}, digit);
    return { row, bar: add(row, "i"), share: add(row, "span") };
  });
  const look = add(root, "div", { class: "look" });
  const seen = add(look, "canvas", {
    width: 28, height: 28, role: "img", "aria-label": texts.seen,
  });
  add(look, "span", { "aria-hidden": true }, texts.seen);
  const buttons = add(root, "div", {
    class: "buttons", role: "group", "aria-label": texts.samples,
  });
  add(root, "p", { id: "recogniser-hint" }, texts.hint);

  const ink = new Uint8ClampedArray(SIDE * SIDE);
  let place = [SIDE / 2, SIDE / 2];
  let answer = texts.empty;

  function paint(where, values) {
    const context = where.getContext("2d");
    const picture = context.createImageData(where.width, where.height);
    values.forEach((value, i) => (picture.data[4 * i + 3] = value)); // black, more or less
    context.putImageData(picture, 0, 0);
  }

  function show(pixels) {
    const drawn = pixels.some((value) => value);
    const chances = drawn ? forward(pixels) : new Array(10).fill(0);
    const best = chances.indexOf(Math.max(...chances));
    const percent = (p) => Math.round(100 * p);
    rows.forEach(({ row, bar, share }, digit) => {
      row.dataset.probability = chances[digit];
      row.classList.toggle("best", drawn && digit === best);
      bar.style.setProperty("--share", chances[digit]);
      share.textContent = drawn ? `${percent(chances[digit])}%` : "";
    });
    answer = drawn
      ? texts.answer.replace("{0}", best).replace("{1}", percent(chances[best]))
      : texts.empty;
    paint(canvas, ink);
    paint(seen, pixels);
    pen.style.left = `${(100 * place[0]) / SIDE}%`;
    pen.style.top = `${(100 * place[1]) / SIDE}%`;
  }

  // Only when a stroke is done, or a screen reader would never end.
  const say = () => (says.textContent = answer);

  function stroke(from, to) {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const length = dx * dx + dy * dy;
    ink.forEach((value, i) => {
      const [x, y] = [(i % SIDE) + 0.5 - from[0], Math.floor(i / SIDE) + 0.5 - from[1]];
      const t = length ? Math.max(0, Math.min(1, (x * dx + y * dy) / length)) : 0;
      const distance = Math.hypot(x - t * dx, y - t * dy);
      ink[i] = Math.max(value, 255 * (RADIUS + 0.5 - distance));
    });
    place = to;
    show(likeMnist(ink));
  }

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE,
      ((event.clientY - box.top) / box.height) * SIDE];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    place = at(event);
    stroke(place, place);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) stroke(place, at(event));
  });
  canvas.addEventListener("lostpointercapture", say);

  const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = place.map((p, i) => Math.max(STEP, Math.min(SIDE - STEP, p + STEP * move[i])));
    if (!event.shiftKey) stroke(place, to);
    place = to;
    show(likeMnist(ink));
    say();
  });

  function set(pixels) {
    // A sample stands on the board four times as large.
    ink.forEach((_, i) => {
      ink[i] = pixels[28 * (Math.floor(i / SIDE) >> 2) + ((i % SIDE) >> 2)];
    });
    place = [SIDE / 2, SIDE / 2];
    show(pixels);
    say();
  }
  for (let k = 0; k < 10; k++) {
    const label = texts.sample.replace("{0}", k);
    const button = add(buttons, "button", { type: "button", "aria-label": label }, k);
    button.addEventListener("click", () => set(samples.subarray(784 * k, 784 * (k + 1))));
  }
  const clear = add(buttons, "button", { type: "button" }, texts.clear);
  clear.addEventListener("click", () => set(new Uint8Array(784)));
  set(new Uint8Array(784));
}
