/* Small interactive figures: aibook_sphinx.widgets writes their controls and texts into
 * the page, this draws. Each widget is a few pure functions, which the tests compare with
 * the book's Python, and `show`, which draws the state of its controls and returns what to
 * say about it. Nothing moves by itself. */
"use strict";

{
  /* --- numbers and drawing --------------------------------------------------- */

  const NAMESPACE = "http://www.w3.org/2000/svg";

  /** A number as the book writes it: −0.50. */
  const write = (x, digits = 2) => {
    const text = Math.abs(x).toFixed(digits);
    return x < 0 && Number(text) !== 0 ? `−${text}` : text;
  };

  const grouped = (x) => String(x).replace(/\B(?=(\d{3})+$)/g, ",");

  /** A template with its places filled in: "{size} places". */
  const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, key) => values[key]);

  const draw = (svg, name, attributes, text = "") => {
    const element = document.createElementNS(NAMESPACE, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    svg.append(element);
  };

  const line = (svg, kind, x1, y1, x2, y2) => draw(svg, "line", { class: kind, x1, y1, x2, y2 });

  const label = (svg, text, x, y, anchor = "middle") =>
    draw(svg, "text", { x, y, "text-anchor": anchor }, text);

  const path = (points) => `M${points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join("L")}`;

  /* --- a perceptron of two inputs ---------------------------------------------- */

  const perceptron = {
    POINTS: [[0, 0], [0, 1], [1, 0], [1, 1]],
    GATES: { and: [0, 0, 0, 1], or: [0, 1, 1, 1], xor: [0, 1, 1, 0] },

    sum: ([x1, x2], { w1, w2, b }) => w1 * x1 + w2 * x2 + b,

    predict: (state) => perceptron.POINTS.map((x) => (perceptron.sum(x, state) > 0 ? 1 : 0)),

    numRight: (state) => {
      const y = perceptron.GATES[state.gate];
      return perceptron.predict(state).filter((answer, k) => answer === y[k]).length;
    },

    /** The corners of the part of a square where the sum is positive, and the ends of
     * the line on its border. */
    cut: (state, low, high) => {
      const square = [[low, low], [high, low], [high, high], [low, high]];
      const region = [];
      const ends = [];
      square.forEach((from, k) => {
        const to = square[(k + 1) % 4];
        const [z, next] = [from, to].map((x) => perceptron.sum(x, state));
        if (z > 0) region.push(from);
        if (z > 0 !== next > 0) {
          const share = z / (z - next);
          ends.push(from.map((x, axis) => x + share * (to[axis] - x)));
          region.push(ends.at(-1));
        }
      });
      return { region, ends };
    },

    show: (svg, state, texts) => {
      const [LOW, HIGH, UNIT] = [-0.75, 1.75, 120];
      const place = ([x1, x2]) => [(x1 - LOW) * UNIT, (HIGH - x2) * UNIT];
      const { region, ends } = perceptron.cut(state, LOW, HIGH);
      if (region.length) draw(svg, "path", { class: "widget-tint", d: `${path(region.map(place))}Z` });
      for (const x of [0, 1]) {
        const [left, top] = place([x, x]);
        line(svg, "widget-thin", left, 0, left, 300);
        line(svg, "widget-thin", 0, top, 300, top);
        label(svg, x, left + 4, 293, "start");
        label(svg, x, 4, top - 4, "start");
      }
      label(svg, "x1", 296, 293, "end");
      label(svg, "x2", 4, 18, "start");
      if (ends.length) line(svg, "widget-line", ...place(ends[0]), ...place(ends[1]));
      const answers = perceptron.predict(state);
      perceptron.POINTS.forEach((point, k) => {
        const target = perceptron.GATES[state.gate][k];
        const [x, y] = place(point);
        if (target) draw(svg, "rect", { class: "widget-b", x: x - 8, y: y - 8, width: 16, height: 16 });
        else draw(svg, "circle", { class: "widget-a", cx: x, cy: y, r: 9 });
        if (answers[k] !== target) {
          line(svg, "widget-line", x - 13, y - 13, x + 13, y + 13);
          line(svg, "widget-line", x - 13, y + 13, x + 13, y - 13);
        }
        label(svg, `z = ${write(perceptron.sum(point, state))}`, x + 16, y - 14, "start");
      });
      const right = perceptron.numRight(state);
      const signed = (x) => `${x < 0 ? "−" : "+"} ${write(Math.abs(x))}`;
      const { w1, w2, b } = state;
      return [
        w1 || w2 ? `${write(w1)}·x1 ${signed(w2)}·x2 ${signed(b)} = 0` : texts.none,
        fill(right === 4 ? texts.all : texts.right, { right }),
      ];
    },
  };

  /* --- a coin -------------------------------------------------------------------- */

  const coin = {
    /** How much an outcome tells, in bits. */
    information: (p) => -Math.log2(p) + 0,

    entropy: (p) =>
      [p, 1 - p].reduce((sum, q) => (q > 0 ? sum + q * coin.information(q) : sum), 0),

    show: (svg, { p }, texts) => {
      const place = (q) => [40 + 280 * q, 180 - 160 * coin.entropy(q)];
      const [x, y] = place(p);
      line(svg, "widget-thin", 40, 180, 320, 180);
      line(svg, "widget-thin", 40, 20, 40, 180);
      for (const tick of [0, 0.5, 1]) {
        label(svg, tick, 40 + 280 * tick, 198);
        label(svg, tick, 32, 185 - 160 * tick, "end");
      }
      label(svg, "p", 180, 215);
      label(svg, "H", 40, 15);
      const curve = Array.from({ length: 141 }, (_, k) => place(k / 140));
      draw(svg, "path", { class: "widget-curve", d: path(curve) });
      draw(svg, "path", { class: "widget-dots", d: path([[x, 180], [x, y], [40, y]]) });
      draw(svg, "circle", { class: "widget-b", cx: x, cy: y, r: 7 });
      if (p === 0 || p === 1) return [texts.sure];
      const bits = coin.entropy(p);
      const values = {
        p: write(p),
        q: write(1 - p),
        heads: write(coin.information(p), 3),
        tails: write(coin.information(1 - p), 3),
        bits: write(bits, 3),
        thousand: grouped(Math.round(1000 * bits)),
      };
      return [fill(texts.mean, values), fill(texts.code, values)];
    },
  };

  /* --- a ravine -------------------------------------------------------------------- */

  const descent = {
    START: [-4, 1],
    SCALES: [1, 20],

    loss: (w) => w.reduce((sum, x, k) => sum + (descent.SCALES[k] * x * x) / 2, 0),

    /** The weights after each step, the start included. */
    way: ({ rate, momentum }, numSteps) => {
      const way = [descent.START];
      let velocity = [0, 0];
      while (way.length <= numSteps) {
        const w = way.at(-1);
        velocity = velocity.map((v, k) => momentum * v + descent.SCALES[k] * w[k]);
        way.push(w.map((x, k) => x - rate * velocity[k]));
      }
      return way;
    },

    /** What becomes of it, and after how many steps. */
    verdict: (state, limit = 2000) => {
      const far = descent.way(state, limit).map((w) => Math.hypot(...w));
      const lost = far.findIndex((distance) => distance > 1000);
      if (lost >= 0) return { kind: "diverges", steps: lost };
      const steps = far.findLastIndex((distance) => distance >= 0.01) + 1;
      return steps > limit ? { kind: "neither", steps: limit } : { kind: "converges", steps };
    },

    show: (svg, state, texts) => {
      const place = ([w1, w2]) => [225 + 50 * w1, 90 - 50 * w2];
      const [cx, cy] = place([0, 0]);
      for (const level of [0.1, 0.5, 2, 5, 10, 16]) {
        const [rx, ry] = descent.SCALES.map((scale) => 50 * Math.sqrt((2 * level) / scale));
        draw(svg, "ellipse", { class: "widget-thin", cx, cy, rx, ry });
      }
      label(svg, "w1", 394, 106, "end");
      label(svg, "w2", cx + 6, 18, "start");
      line(svg, "widget-thin", cx - 6, cy, cx + 6, cy);
      line(svg, "widget-thin", cx, cy - 6, cx, cy + 6);
      const way = descent.way(state, 30);
      const lost = way.findIndex((w) => Math.hypot(...w) > 20);
      const seen = (lost < 0 ? way : way.slice(0, lost + 1)).map(place);
      draw(svg, "path", { class: "widget-way", d: path(seen) });
      for (const [x, y] of seen) draw(svg, "circle", { class: "widget-b", cx: x, cy: y, r: 3 });
      draw(svg, "circle", { class: "widget-line", cx: seen[0][0], cy: seen[0][1], r: 7 });
      const { kind, steps } = descent.verdict(state);
      return [fill(texts[kind], { steps: grouped(steps) })];
    },
  };

  /* --- the windows of a convolution --------------------------------------------------- */

  const convolution = {
    span: ({ k, d }) => d * (k - 1) + 1,

    /** The size of the output; 0 if the window does not fit. */
    outputSize: ({ n, k, s, p, d }) => {
      const left = n + 2 * p - convolution.span({ k, d });
      return left < 0 ? 0 : Math.floor(left / s) + 1;
    },

    /** What each window reads, counted from the first pixel (padding: below 0, from n). */
    windows: (state) =>
      Array.from({ length: convolution.outputSize(state) }, (_, o) =>
        Array.from({ length: state.k }, (_, j) => o * state.s + j * state.d - state.p),
      ),

    show: (svg, state, texts) => {
      const { n, k, s, p, d } = state;
      const [size, span, padded] = [convolution.outputSize(state), convolution.span(state), n + 2 * p];
      const cell = Math.min(28, 396 / Math.max(padded, span));
      const left = 200 - (cell * Math.max(padded, span)) / 2;
      const middle = (pixel) => left + cell * (pixel + p + 0.5);
      // One that does not fit is drawn, too.
      const windows = size ? convolution.windows(state) : [Array.from({ length: k }, (_, j) => j * d - p)];
      const read = new Set(size ? windows.flat() : []);
      svg.setAttribute("viewBox", `0 0 400 ${cell + 18 + 13 * windows.length}`);
      for (let pixel = -p; pixel < n + p; pixel++) {
        const x = left + cell * (pixel + p);
        const kind = pixel < 0 || pixel >= n ? "widget-padding" : "widget-pixel";
        draw(svg, "rect", { class: kind, x: x + 1, y: 2, width: cell - 2, height: cell - 2 });
        if (size && !read.has(pixel)) {
          line(svg, "widget-thin", x + 3, 4, x + cell - 3, cell - 2);
          line(svg, "widget-thin", x + 3, cell - 2, x + cell - 3, 4);
        }
      }
      windows.forEach((window, o) => {
        const y = cell + 14 + 13 * o;
        line(svg, size ? "widget-way" : "widget-dots", middle(window[0]), y, middle(window.at(-1)), y);
        for (const pixel of window)
          draw(svg, "circle", { class: size ? "widget-a" : "widget-b", cx: middle(pixel), cy: y, r: 4 });
      });
      if (!size) return [fill(texts.unfit, { span, padded })];
      const rest = (padded - span) % s;
      return [
        `⌊(${n} + 2·${p} − ${d}·(${k} − 1) − 1) / ${s}⌋ + 1 = ⌊${padded - span} / ${s}⌋ + 1 = ${size}`,
        fill(rest ? texts.rest : texts.fits, { n, size, rest }),
      ];
    },
  };

  /* --- Otsu's threshold ------------------------------------------------------------------ */

  const otsu = {
    /** Shares, means and the variance between the two classes of a threshold. */
    classes: (counts, t) => {
      const [num, sum] = [[0, 0], [0, 0]];
      counts.forEach((count, value) => {
        num[Number(value > t)] += count;
        sum[Number(value > t)] += count * value;
      });
      const [total, size] = [num[0] + num[1], num[0] * num[1]];
      const means = sum.map((s, k) => s / num[k]);
      const shares = num.map((n) => n / total);
      // In whole numbers, as the book's Python does: ties stay ties.
      const gap = total * sum[0] - (sum[0] + sum[1]) * num[0];
      const variance = size ? gap ** 2 / (total ** 2 * size) : 0;
      return { shares, means, variance };
    },

    variances: (counts) => counts.map((_, t) => otsu.classes(counts, t).variance),

    best: (counts) => {
      const variances = otsu.variances(counts);
      return variances.indexOf(Math.max(...variances));
    },

    show: (svg, { t }, texts, counts) => {
      const x = (value) => 8 + 1.46 * value;
      const variances = otsu.variances(counts);
      const [high, top] = [Math.max(...counts), Math.max(...variances)];
      const bars = (from, to) => {
        let d = `M${x(from)},165`;
        for (let v = from; v < to; v++) d += `V${(165 - (145 * counts[v]) / high).toFixed(1)}H${x(v + 1)}`;
        return `${d}V165Z`;
      };
      draw(svg, "path", { class: "widget-dark", d: bars(0, t + 1) });
      if (t < 255) draw(svg, "path", { class: "widget-bright", d: bars(t + 1, 256) });
      const curve = variances.map((variance, v) => [x(v + 0.5), 165 - (155 * variance) / top]);
      draw(svg, "path", { class: "widget-curve", d: path(curve) });
      line(svg, "widget-thin", x(0), 165, x(256), 165);
      line(svg, "widget-dots", x(t + 1), 4, x(t + 1), 165);
      draw(svg, "circle", { class: "widget-b", cx: curve[t][0], cy: curve[t][1], r: 6 });
      for (const tick of [0, 64, 128, 192, 255]) label(svg, tick, x(tick + 0.5), 183);
      const { shares, means, variance } = otsu.classes(counts, t);
      if (!variance) return [texts.empty];
      const percent = (share) => `${write(100 * share, 1)}%`;
      const values = {
        dark: percent(shares[0]),
        bright: percent(shares[1]),
        low: write(means[0], 1),
        high: write(means[1], 1),
        variance: grouped(Math.round(variance)),
        share: percent(variance / top),
      };
      return [fill(texts.classes, values), fill(texts.variance, values)];
    },
  };

  /* --- from the controls to the drawing ----------------------------------------------------- */

  const widgets = { perceptron, coin, descent, convolution, otsu };

  const start = (root) => {
    const widget = widgets[root.dataset.widget];
    const texts = JSON.parse(root.dataset.texts);
    const data = root.dataset.numbers?.split(" ").map(Number);
    const svg = root.querySelector("svg");
    const output = root.querySelector("output");
    const inputs = [...root.querySelectorAll("input")];

    const show = () => {
      const state = {};
      for (const input of inputs) {
        if (input.type === "radio") {
          if (input.checked) state[input.dataset.key] = input.value;
          continue;
        }
        const [low, high] = [Number(input.min), Number(input.max)];
        // A field may be empty, or hold anything, while it is typed into.
        const value = Number(input.value || low);
        const step = Number(input.step);
        const whole = input.type === "number" ? Math.round(value) : value;
        state[input.dataset.key] = Math.min(Math.max(whole, low), high);
        const shown = input.parentElement.querySelector(".widget-value");
        if (shown) shown.textContent = write(value, step < 0.01 ? 3 : step < 1 ? 2 : 0);
      }
      svg.replaceChildren();
      const said = widget.show(svg, state, texts, data).map((text) => {
        const part = document.createElement("span");
        part.textContent = text;
        return part;
      });
      output.replaceChildren(...said.flatMap((part) => [part, " "]));
    };

    const put = (input, value) => {
      input.value = Math.min(Math.max(value, Number(input.min)), Number(input.max));
      show();
    };

    root.addEventListener("input", show);
    root.addEventListener("change", (event) => {
      if (event.target.type === "number") put(event.target, Math.round(Number(event.target.value)));
    });
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.best) put(inputs[0], widget.best(data));
      const input = button.parentElement.querySelector("input[type=number]");
      if (input) put(input, Number(input.value) + Number(button.dataset.step));
    });
    show(); // a browser may have kept the controls from the last visit
  };

  for (const root of document.querySelectorAll(".book-widget")) start(root);
  globalThis.bookWidgets = widgets;
}
