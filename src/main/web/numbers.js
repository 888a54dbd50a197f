import { el, t } from './dom.js';

const UNITS = { mm3: 'mm³', mm2: 'mm²', deg: '°', 1: '' };

/** A unit as people write it. */
export const unit = (ucum) => UNITS[ucum] ?? ucum;

/** A measure with its unit; a dash where there is none. */
export const number = (m) => (m ? `${m.value.toFixed(Math.abs(m.value) < 100 ? 2 : 0)} ${unit(m.unit)}`.trim() : '–');

/** A mark that is seen, and what it means for those who do not see it. */
export const mark = (meaning) => el('span', { class: 'warn', title: meaning }, el('span', { 'aria-hidden': 'true' }, ' ▲'), el('span', { class: 'unseen' }, ` ${meaning}`));
