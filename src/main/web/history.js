import { get } from './api.js';
import { trend } from './chart.js';
import { day, el, state, t, table, when } from './dom.js';
import { number, unit } from './numbers.js';

/** Colours of the joint space from 0 to this, and of its change from minus to plus this, mm. */
const SPACE_MM = 6;
const CHANGE_MM = 2;
const PIXELS = 150;

const joint = (visit, side, name) => visit.result?.joints[side]?.measures[name];
const bilateral = (visit, name) => visit.result?.symmetry?.measures[name];
const TRENDS = [
  ['negativeVolume', (v) => ['left', 'right'].map((side) => ({ name: side, m: joint(v, side, 'NEGATIVE_VOLUME') }))],
  ['S_LR', (v) => [{ name: 'one', m: bilateral(v, 'SYMMETRY_RATIO') }]],
  ['H_LR', (v) => [{ name: 'one', m: bilateral(v, 'HAUSDORFF_DISTANCE') }]],
];

/** What happened to a patient's joints over the visits. */
export function patientHistory(uid, visits) {
  const place = el('div', { role: 'status' });
  return el('section', {},
    el('h2', {}, t('visits')),
    table(t('visits'), [t('studyDate'), t('state'), `${t('negativeVolume')}, ${t('left')}`, `${t('negativeVolume')}, ${t('right')}`, 'S_LR', 'H_LR', t('compare')],
      visits.map((v) => el('tr', {},
        el('td', {}, el('a', { href: `#/study/${v.studyInstanceUid}`, 'aria-current': v.studyInstanceUid === uid && 'page' }, day(v.studyDate) || when(v.receivedAt))),
        el('td', {}, state(v.state)),
        TRENDS.flatMap(([, values]) => values(v)).map(({ m }) => el('td', { class: 'number' }, number(m))),
        el('td', {}, v.studyInstanceUid !== uid && v.result
          ? el('button', { type: 'button', onclick: () => compare(place, uid, v.studyInstanceUid, visits) }, t('compareWith', { date: day(v.studyDate) || when(v.receivedAt) })) : ''))), true),
    el('div', { class: 'charts' }, TRENDS.map(([key, values]) => chart(key, values, visits))),
    place);
}

function date(visit) {
  const parts = /^(\d{4})(\d\d)(\d\d)$/.exec(visit.studyDate ?? '');
  return parts ? new Date(Date.UTC(parts[1], parts[2] - 1, parts[3])) : new Date(visit.receivedAt);
}

function chart(key, values, visits) {
  const found = visits.filter((v) => values(v).some(({ m }) => m)).map((v) => ({ at: date(v), values: values(v) }));
  if (found.length < 2) {
    return null;
  }
  const names = found[0].values.map((v) => v.name);
  const lines = names.map((name, i) => ({ name, values: found.map((f) => f.values[i].m?.value) }));
  const unitOf = unit(found.flatMap((f) => f.values).find(({ m }) => m).m.unit);
  return el('figure', {}, trend(t('trendOf', { what: t(key) }), unitOf, found.map((f) => f.at), lines),
    el('figcaption', {}, t(key), names.length > 1 ? names.map((name) => el('span', { class: `key ${name}` }, t(name))) : null));
}

async function compare(place, uid, other, visits) {
  place.replaceChildren(el('p', {}, t('loading')));
  try {
    const [one, two] = await Promise.all([uid, other].map(async (study) => {
      const found = (await get(`api/studies/${study}`)).series.flatMap((s) => s.jobs).find((j) => j.result && j.state !== 'SUPERSEDED');
      return { visit: visits.find((v) => v.studyInstanceUid === study), joints: found?.result.joints ?? {} };
    }));
    const [earlier, later] = [one, two].sort((a, b) => date(a.visit) - date(b.visit));
    const name = ({ visit }) => day(visit.studyDate) || when(visit.receivedAt);
    const sides = ['left', 'right'].filter((side) => earlier.joints[side]?.jointSpaceMap && later.joints[side]?.jointSpaceMap);
    place.replaceChildren(el('h3', {}, t('mapsOf', { earlier: name(earlier), later: name(later) })),
      el('p', { class: 'faint' }, t('mapsExplained')),
      ...(sides.length ? sides.map((side) => maps(side, earlier.joints[side].jointSpaceMap, later.joints[side].jointSpaceMap, name(earlier), name(later))) : [el('p', {}, t('noMaps'))]));
  } catch (error) {
    place.replaceChildren(el('p', { class: 'bad' }, t('failed', { why: error.message })));
  }
}

function maps(side, a, b, earlier, later) {
  const both = a.spaceMm.map((_, i) => a.facing[i] === '1' && b.facing[i] === '1');
  const change = a.spaceMm.map((mm, i) => b.spaceMm[i] - mm);
  const seen = change.filter((_, i) => both[i]);
  const sizes = seen.map(Math.abs).sort((p, q) => p - q);
  const facing = (map) => (i) => map.facing[i] === '1';
  const text = seen.length === 0 ? t('noCommon') : t('change', {
    mean: signed(seen.reduce((s, v) => s + v, 0) / seen.length), median: sizes[sizes.length >> 1].toFixed(2),
    p95: sizes[Math.floor(0.95 * (sizes.length - 1))].toFixed(2), n: seen.length, of: both.length,
  });
  return el('div', {}, el('h4', {}, t(`${side}Joint`)),
    el('div', { class: 'charts' },
      map(earlier, a.side, a.spaceMm, facing(a), (mm) => mm / SPACE_MM, SPACE, side, ['0', `≥ ${SPACE_MM} mm`]),
      map(later, b.side, b.spaceMm, facing(b), (mm) => mm / SPACE_MM, SPACE, side, ['0', `≥ ${SPACE_MM} mm`]),
      map(t('changed'), a.side, change, (i) => both[i], (mm) => (mm / CHANGE_MM + 1) / 2, CHANGE, side, [`−${CHANGE_MM} mm`, `+${CHANGE_MM} mm`])),
    el('p', {}, text));
}

const signed = (v) => `${v > 0 ? '+' : ''}${v.toFixed(2)}`;
/** Narrow is warm, as in 3D; less is warm, more is cold. */
const SPACE = [[165, 0, 38], [244, 109, 67], [255, 229, 153], [116, 173, 209], [49, 54, 149]];
const CHANGE = [[178, 24, 43], [244, 165, 130], [247, 247, 247], [146, 197, 222], [33, 102, 172]];

function colour(ramp, share) {
  const at = Math.min(1, Math.max(0, share)) * (ramp.length - 1);
  const i = Math.min(ramp.length - 2, Math.floor(at));
  return ramp[i].map((v, c) => Math.round(v + (at - i) * (ramp[i + 1][c] - v)));
}

/** A square of values as a picture: the front above; medial and lateral as the reader faces the patient. */
function map(name, size, values, shown, share, ramp, side, ends) {
  const canvas = el('canvas', { width: size, height: size, role: 'img', 'aria-label': `${name}, ${t(`${side}Joint`)}` });
  canvas.style.width = `${PIXELS}px`;
  const image = new ImageData(size, size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const i = row * size + column;
      // The left joint's medial side is to the reader's left, the right one's to the right.
      const o = 4 * (row * size + (side === 'left' ? column : size - 1 - column));
      image.data.set(shown(i) ? [...colour(ramp, share(values[i])), 255] : [0, 0, 0, 0], o);
    }
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
  const bar = el('div', { class: 'bar', role: 'presentation' });
  bar.style.background = `linear-gradient(to right, ${ramp.map((rgb) => `rgb(${rgb.join(' ')})`).join(', ')})`;
  const [west, east] = side === 'left' ? ['medial', 'lateral'] : ['lateral', 'medial'];
  return el('figure', { class: 'map' }, el('figcaption', {}, name), el('div', { class: 'faint' }, t('front')), canvas,
    el('div', { class: 'ticks faint' }, el('span', {}, t(west)), el('span', {}, t(east))), bar,
    el('div', { class: 'ticks' }, ends.map((end) => el('span', {}, end))));
}
