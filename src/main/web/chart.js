const NS = 'http://www.w3.org/2000/svg';
const WIDTH = 420;
const HEIGHT = 240;
const LEFT = 52;
const RIGHT = 26;
const TOP = 12;
const BOTTOM = 40;
const TICKS = 5;

/** An SVG element. */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Round numbers from below the least to above the largest of some values. */
export function axisOf(values) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const rough = Math.max(high - low, Math.abs(high) * 0.02, 1e-6) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((f) => f * power).find((s) => s >= rough);
  const first = Math.floor(low / step) * step;
  const ticks = [];
  for (let i = 0; first + (i - 1) * step < high || i < 2; i++) {
    ticks.push(first + i * step);
  }
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  return { ticks: ticks.map((value) => ({ value, text: value.toFixed(Math.min(digits, 3)) })) };
}

/** A frame with two axes, and what is drawn by the two functions from values to places. */
function framed(label, x, y, xTitle, yTitle, draw) {
  const ends = ({ ticks }) => [ticks[0].value, ticks.at(-1).value];
  const [[x0, x1], [y0, y1]] = [ends(x), ends(y)];
  const px = (v) => LEFT + ((v - x0) / (x1 - x0)) * (WIDTH - LEFT - RIGHT);
  const py = (v) => HEIGHT - BOTTOM - ((v - y0) / (y1 - y0)) * (HEIGHT - TOP - BOTTOM);
  return svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'chart', role: 'img', 'aria-label': label },
    y.ticks.map((tick) => [
      svg('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: py(tick.value), y2: py(tick.value), class: 'grid' }),
      svg('text', { x: LEFT - 5, y: py(tick.value) + 4, 'text-anchor': 'end' }, tick.text)]).flat(),
    x.ticks.map((tick) => svg('text', { x: px(tick.value), y: HEIGHT - BOTTOM + 15, 'text-anchor': 'middle' }, tick.text)),
    svg('text', { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 6, 'text-anchor': 'middle' }, xTitle),
    svg('text', { x: 12, y: (TOP + HEIGHT - BOTTOM) / 2, 'text-anchor': 'middle', transform: `rotate(-90 12 ${(TOP + HEIGHT - BOTTOM) / 2})` }, yTitle),
    draw(px, py));
}

/** Values over time: lines of points, each with its name, which is its class too. */
export function trend(label, yTitle, dates, lines) {
  const times = dates.map((d) => d.getTime());
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const room = Math.max((last - first) * 0.06, 86_400_000);
  const ends = [first - room, last + room];
  const x = { ticks: [{ value: ends[0], text: '' }, ...[...new Set([first, last])].map((value) => ({ value, text: new Date(value).toISOString().slice(0, 10) })), { value: ends[1], text: '' }] };
  const y = axisOf(lines.flatMap((line) => line.values).filter(Number.isFinite));
  return framed(label, x, y, '', yTitle, (px, py) => lines.map((line) => {
    const points = line.values.map((v, i) => [times[i], v]).filter(([, v]) => Number.isFinite(v)).map(([a, b]) => [px(a), py(b)]);
    return [svg('polyline', { points: points.map((p) => p.join(',')).join(' '), class: `line ${line.name}` }),
      ...points.map(([cx, cy]) => dot(line.name, cx, cy))];
  }).flat());
}

/** Left and right are told apart by shape too. */
function dot(name, x, y, title) {
  const shape = name === 'right'
    ? svg('rect', { x: x - 3.5, y: y - 3.5, width: 7, height: 7, class: `dot ${name}` })
    : svg('circle', { cx: x, cy: y, r: 4, class: `dot ${name}` });
  if (title) {
    shape.append(svg('title', {}, title));
  }
  return shape;
}

/** Points; with the line on which both coordinates are equal, if asked. */
export function scatter(label, xTitle, yTitle, points, equal) {
  const both = equal ? axisOf(points.flatMap((p) => [p.x, p.y])) : null;
  const [x, y] = [both ?? axisOf(points.map((p) => p.x)), both ?? axisOf(points.map((p) => p.y))];
  return framed(label, x, y, xTitle, yTitle, (px, py) => [
    both ? svg('line', { x1: px(x.ticks[0].value), y1: py(x.ticks[0].value), x2: px(x.ticks.at(-1).value), y2: py(x.ticks.at(-1).value), class: 'grid' }) : null,
    ...points.map((p) => dot('one', px(p.x), py(p.y), p.title))]);
}

/** How often values fall between the ticks; sides by side. */
export function histogram(label, xTitle, yTitle, groups) {
  const x = axisOf(groups.flatMap((g) => g.values));
  const step = (x.ticks[1].value - x.ticks[0].value) / 2;
  const first = x.ticks[0].value;
  const bins = Array.from({ length: 2 * (x.ticks.length - 1) }, (_, i) => ({ from: first + i * step, counts: groups.map(() => 0) }));
  groups.forEach((g, k) => g.values.forEach((v) => {
    // The largest value belongs to the last bar.
    bins[Math.min(bins.length - 1, Math.floor((v - first) / step))].counts[k]++;
  }));
  const y = axisOf([0, ...bins.flatMap((b) => b.counts), 1]);
  return framed(label, x, y, xTitle, yTitle, (px, py) => bins.flatMap((bin) => bin.counts.map((count, i) => {
    const width = (px(bin.from + step) - px(bin.from) - 2) / groups.length;
    return svg('rect', { x: px(bin.from) + 1 + i * width, y: py(count), width, height: py(0) - py(count), class: `bar-${groups[i].name}` });
  })));
}
