import { events, get, post } from './api.js';
import { day, el, state, t, table, when } from './dom.js';
import { patientHistory } from './history.js';
import { measures, symmetry } from './measures.js';

const KEY = ['NEGATIVE_VOLUME', 'ANTERIOR_JOINT_SPACE', 'SUPERIOR_JOINT_SPACE', 'POSTERIOR_JOINT_SPACE', 'MEDIAL_JOINT_SPACE',
  'LATERAL_JOINT_SPACE', 'FOSSA_WIDTH', 'FOSSA_DEPTH', 'CONDYLE_WIDTH', 'CONDYLE_VOLUME'];

/** One study. Returns what ends it. */
export function study(main, uid) {
  document.title = `${t('studies')} – ${t('title')}`;
  const note = el('p', { role: 'status' });
  const body = el('div', {});
  main.append(note, body);
  let open = true;
  let shown = null;
  const seriesUrl = (series) => `api/studies/${uid}/series/${series.seriesInstanceUid}`;

  async function load() {
    try {
      const [data, visits] = await Promise.all([get(`api/studies/${uid}`), get(`api/studies/${uid}/visits`)]);
      if (!open) {
        return;
      }
      show(data);
      body.replaceChildren(...page(data, visits));
    } catch (error) {
      note.className = 'bad';
      note.textContent = error.status === 404 ? t('notFound') : t('failed', { why: error.message });
    }
  }

  /** The views stay as the user turned them while the numbers round them change. */
  function show(data) {
    for (const series of data.series) {
      const job = current(series);
      const object = job?.objects.find((o) => o.kind === 'SURFACE_SEGMENTATION');
      if (job?.result && object) {
        if (shown?.object !== object.sopInstanceUid) {
          shown?.close();
          shown = views(uid, object, job.result, seriesUrl(series));
        }
        return;
      }
    }
  }

  async function act(button, path) {
    button.disabled = true;
    try {
      await post(path);
      note.className = 'good';
      note.textContent = t('accepted');
      await load();
    } catch (error) {
      note.className = 'bad';
      note.textContent = error.message;
      button.disabled = false;
    }
  }

  function page(data, visits) {
    return [
      el('h1', {}, data.description || t('noName'), ' ', state(data.state)),
      el('p', {}, `${t('patientId')} ${data.patientId || '–'} · ${t('studyDate')} ${day(data.studyDate) || '–'} · ${t('received')} ${when(data.receivedAt)}`),
      el('p', {}, data.sentence),
      ...data.series.map(seriesPart),
      visits.length > 1 ? patientHistory(uid, visits) : null,
    ].filter(Boolean);
  }

  function seriesPart(series) {
    const job = current(series);
    return el('section', {},
      el('h2', {}, `${t('series', { number: series.number ?? '' })} ${series.description ?? ''} (${series.modality}, ${series.instances})`),
      job ? el('p', {}, state(job.state), ' ', job.sentence) : null,
      job?.result ? result(series, job) : null,
      job && !['RECEIVED', 'PROCESSING'].includes(job.state)
        ? el('button', { type: 'button', onclick: (event) => act(event.target, `${seriesUrl(series)}/process`) }, t('process')) : null);
  }

  function result(series, job) {
    const r = job.result;
    const here = job.objects.some((o) => o.sopInstanceUid === shown?.object);
    const flags = [...r.flags, ...(r.joints.left?.flags ?? []), ...(r.joints.right?.flags ?? []), ...(r.symmetry?.flags ?? [])];
    const names = [...new Set(Object.values(r.joints).flatMap((joint) => Object.keys(joint.measures)))];
    return el('div', {},
      el('div', { class: 'columns' },
        el('div', {},
          names.length ? measures(t('keyMeasures'), KEY.filter((n) => names.includes(n)), r.joints) : null,
          r.symmetry ? symmetry(r.symmetry) : null,
          el('h3', {}, t('quality')),
          flags.length ? el('ul', {}, flags.map((f) => el('li', { class: 'warn' }, f.sentence))) : el('p', { class: 'good' }, t('noFlags'))),
        here ? el('div', {}, el('h3', {}, t('threeD')), shown.space) : null),
      here ? el('div', {}, el('h3', {}, t('slices')), shown.planes) : null,
      names.length ? el('details', {}, el('summary', {}, t('allMeasures')), measures(t('allMeasures'), names, r.joints)) : null,
      el('p', {}, el('a', { href: `${seriesUrl(series)}/result.pdf`, target: '_blank' }, t('pdf'))),
      deliveries(job), provenance(job),
      el('details', {}, el('summary', {}, t('history')), el('ul', {}, series.jobs.flatMap((j) => j.history)
        .map((c) => el('li', {}, `${when(c.at)}: `, state(c.to), ` ${c.sentence}`)))),
      el('details', {}, el('summary', {}, t('picture')), el('img', {
        class: 'result', loading: 'lazy', alt: t('pictureAlt'), src: `${seriesUrl(series)}/picture.png`,
      })));
  }

  function deliveries(job) {
    const waiting = new Set(job.objects.flatMap((o) => o.deliveries).filter((d) => ['FAILED', 'PENDING'].includes(d.state)).map((d) => d.destination));
    return el('div', {},
      table(t('objects'), [t('object'), t('destination'), t('delivery'), t('attempts')], job.objects.flatMap((o) => {
        const link = el('a', { href: `dicom-web/studies/${uid}/series/${o.seriesInstanceUid}/instances/${o.sopInstanceUid}?accept=application/dicom`, download: `${o.sopInstanceUid}.dcm` }, o.kind.toLowerCase().replaceAll('_', ' '));
        return o.deliveries.length === 0
          ? [el('tr', {}, el('td', {}, link), el('td', {}, '–'), el('td', {}), el('td', {}))]
          : o.deliveries.map((d, i) => el('tr', {}, el('td', {}, i === 0 ? link : ''), el('td', {}, d.destination),
            el('td', {}, state(d.state), ` ${d.sentence}`), el('td', { class: 'number' }, String(d.attempts))));
      })),
      el('div', { class: 'row' }, [...waiting].map((destination) => el('button', {
        type: 'button',
        onclick: (event) => act(event.target, `api/studies/${uid}/deliveries/${encodeURIComponent(destination)}/retry`),
      }, t('retry', { destination })))));
  }

  load();
  const stop = events((summary) => {
    if (summary.studyInstanceUid === uid) {
      load();
    }
  }, () => {});
  return () => {
    open = false;
    stop();
    shown?.close();
  };
}

const current = (series) => series.jobs.find((job) => job.state !== 'SUPERSEDED');

/** The 3D view and the slices of a result, which appear in their places when they are loaded. */
function views(uid, object, result, url) {
  const space = el('div', {}, el('p', {}, t('loading')));
  const planes = el('div', {}, el('p', {}, t('loadingSlices')));
  const ends = [];
  let open = true;
  const surfaces = import('./surface-data.js').then(({ readSurfaces }) => readSurfaces(uid, object));
  const add = async (place, failed, make) => {
    try {
      const made = await make();
      if (open) {
        place.replaceChildren(made.element);
        made.begin?.();
        ends.push(made.close);
      } else {
        made.close();
      }
    } catch (error) {
      place.replaceChildren(el('p', { class: 'bad' }, t(failed, { why: error.message })));
    }
  };
  add(planes, 'noSlices', async () => (await import('./slices.js')).slices((side) => `${url}/joints/${side}/scan.nrrd`, result.joints, surfaces));
  add(space, 'no3D', async () => {
    const [module, all] = await Promise.all([import('./surfaces.js'), surfaces]);
    return module.surfaces(all, result.symmetry?.rightToLeft);
  });
  return {
    object: object.sopInstanceUid,
    space,
    planes,
    close() {
      open = false;
      ends.forEach((end) => end());
    },
  };
}

/** Which program, networks and parameters made a result, and how long it took. */
function provenance(job) {
  const r = job.result;
  const parameters = Object.values(r.joints)[0]?.parameters ?? {};
  return el('details', {}, el('summary', {}, t('provenance')),
    el('p', {}, t('version', { version: r.pipelineVersion, method: r.methodDefinition }), ` ${t('revision', { revision: job.revision, n: job.instances })}`),
    r.models.map((m) => el('p', { class: 'uid' }, t('model', { name: m.name, version: m.version, sha: m.sha256 }), ` ${m.licence}. ${m.trainedOn}`)),
    el('div', { class: 'columns' },
      table(t('times'), [t('step'), t('seconds')], r.steps.map((s) => el('tr', {},
        el('td', {}, `${s.step}${s.side ? ` ${t(s.side)}` : ''}`), el('td', { class: 'number' }, s.seconds.toFixed(2))))),
      table(t('parameters'), [t('parameter'), t('value')], Object.entries(parameters).map(([name, p]) => el('tr', {},
        el('td', {}, name), el('td', { class: 'number' }, p.unit === undefined ? String(p) : `${p.value} ${p.unit}`))))));
}
