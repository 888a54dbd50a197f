import { el, t } from './dom.js';
import { worklist } from './worklist.js';
import { study } from './study.js';

const main = el('main', { id: 'content', tabindex: '-1' });
document.body.append(
  el('a', { class: 'skip', href: '#content', onclick: (event) => { event.preventDefault(); main.focus(); } }, t('skip')),
  el('header', {}, el('strong', {}, el('a', { href: '#/' }, t('title'))), el('nav', { 'aria-label': t('title') }, el('a', { href: '#/' }, t('worklist')))),
  main,
  el('footer', {}, t('notForDiagnosis')));

let leave = () => {};

function show() {
  leave();
  main.replaceChildren();
  const uid = /^#\/study\/([0-9.]+)$/.exec(location.hash)?.[1];
  leave = uid ? study(main, uid) : worklist(main);
  main.focus({ preventScroll: true });
}

addEventListener('hashchange', show);
show();
