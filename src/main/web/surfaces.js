import '@kitware/vtk.js/Rendering/Profiles/Geometry';
import vtkActor from '@kitware/vtk.js/Rendering/Core/Actor';
import vtkColorTransferFunction from '@kitware/vtk.js/Rendering/Core/ColorTransferFunction';
import vtkDataArray from '@kitware/vtk.js/Common/Core/DataArray';
import vtkGenericRenderWindow from '@kitware/vtk.js/Rendering/Misc/GenericRenderWindow';
import vtkMapper from '@kitware/vtk.js/Rendering/Core/Mapper';
import vtkPlane from '@kitware/vtk.js/Common/DataModel/Plane';
import vtkPolyData from '@kitware/vtk.js/Common/DataModel/PolyData';
import { el, t } from './dom.js';
import { distances } from './distance.js';

/** Distances are told up to here, mm; what is further from the temporal bone does not face it. */
const FAR_MM = 6;
/** The camera is set for the ball round a box; the box itself may fill the view. */
const ZOOM = 1.5;
/** Short distances are what a reader looks for: they get the warm end. */
const COLOURS = [[0, 0.65, 0.0, 0.15], [1.5, 0.96, 0.43, 0.26], [3, 1.0, 0.9, 0.6], [4.5, 0.45, 0.68, 0.82], [6, 0.19, 0.21, 0.58]];

function polyData(points, triangles, scalars) {
  const cells = new Uint32Array((triangles.length / 3) * 4);
  for (let i = 0, k = 0; i < triangles.length; i += 3) {
    cells[k++] = 3;
    cells[k++] = triangles[i];
    cells[k++] = triangles[i + 1];
    cells[k++] = triangles[i + 2];
  }
  const data = vtkPolyData.newInstance();
  data.getPoints().setData(points, 3);
  data.getPolys().setData(cells);
  if (scalars) {
    data.getPointData().setScalars(vtkDataArray.newInstance({ name: 'distance', values: scalars }));
  }
  return data;
}

/**
 * A surface seen in a mirror; triangles stay turned outwards.
 *
 * @param matrix three rows of four numbers
 */
function mirrored(surface, matrix) {
  const points = surface.points.slice();
  for (let i = 0; i < points.length; i += 3) {
    const [x, y, z] = points.subarray(i, i + 3);
    for (let row = 0; row < 3; row++) {
      const [a, b, c, d] = matrix.slice(4 * row, 4 * row + 4);
      points[i + row] = a * x + b * y + c * z + d;
    }
  }
  const triangles = surface.triangles.slice();
  for (let i = 0; i < triangles.length; i += 3) {
    [triangles[i], triangles[i + 1]] = [triangles[i + 1], triangles[i]];
  }
  return { ...surface, points, triangles };
}

/** Smallest and largest x, y and z of surfaces. */
function boxOf(some) {
  const box = [Infinity, -Infinity, Infinity, -Infinity, Infinity, -Infinity];
  for (const { points } of some) {
    for (let i = 0; i < points.length; i++) {
      const axis = 2 * (i % 3);
      box[axis] = Math.min(box[axis], points[i]);
      box[axis + 1] = Math.max(box[axis + 1], points[i]);
    }
  }
  return box;
}

/**
 * The 3D view of a result: its element, what begins and what ends it.
 *
 * @param all its surfaces
 * @param rightToLeft the map by which the sides were compared; none where they were not
 */
export function surfaces(all, rightToLeft) {
  const canvas = el('div', {});
  const frame = el('div', { class: 'view3d', role: 'img', 'aria-label': t('threeDLabel') }, canvas);
  const window3d = vtkGenericRenderWindow.newInstance({ background: [0.05, 0.07, 0.09], listenWindowResize: true });
  const renderer = window3d.getRenderer();
  const render = () => window3d.getRenderWindow().render();
  const plane = vtkPlane.newInstance({ normal: [0, 1, 0] });
  const ramp = vtkColorTransferFunction.newInstance();
  COLOURS.forEach(([mm, r, g, b]) => ramp.addRGBPoint(mm, r, g, b));
  const actors = [];

  function add(group, data, colour, opacity, coloured) {
    const mapper = vtkMapper.newInstance({ scalarVisibility: coloured, useLookupTableScalarRange: false });
    mapper.setInputData(data);
    mapper.setScalarRange(0, FAR_MM);
    if (coloured) {
      mapper.setLookupTable(ramp);
    }
    mapper.addClippingPlane(plane);
    const actor = vtkActor.newInstance();
    actor.setMapper(mapper);
    actor.getProperty().set({ color: colour, opacity, interpolation: 1, specular: 0.15, specularPower: 20 });
    renderer.addActor(actor);
    actors.push({ group, actor });
  }

  for (const side of ['left', 'right']) {
    const of = (kind) => all.find((s) => s.side === side && s.kind === kind);
    const [condyle, bone, volume] = [of('condyle'), of('temporalBone'), of('negativeVolume')];
    if (bone) {
      add('temporalBone', polyData(bone.points, bone.triangles), [0.86, 0.82, 0.72], 0.35, false);
    }
    if (condyle) {
      const scalars = bone ? distances(condyle.points, bone.points, bone.triangles, FAR_MM) : null;
      add('condyle', polyData(condyle.points, condyle.triangles, scalars), [0.86, 0.82, 0.72], 1, Boolean(scalars));
    }
    if (volume) {
      add('negativeVolume', polyData(volume.points, volume.triangles), [0.2, 0.7, 0.9], 0.45, false);
    }
  }
  if (rightToLeft) {
    // As H_LR was measured: volume on volume.
    for (const surface of all.filter((s) => s.side === 'right' && s.kind !== 'temporalBone')) {
      const laid = mirrored(surface, rightToLeft);
      const volume = surface.kind === 'negativeVolume';
      add(volume ? 'mirroredVolume' : 'mirrored', polyData(laid.points, laid.triangles), volume ? [0.98, 0.75, 0.2] : [0.95, 0.35, 0.75], volume ? 0.45 : 0.6, false);
    }
  }

  const bounds = boxOf(all).slice(2, 4);
  const setClip = (mm) => {
    plane.setOrigin(0, bounds[0] - 1 + Number(mm), 0);
    render();
  };

  const shown = { condyle: true, temporalBone: true, negativeVolume: false, mirrored: false, mirroredVolume: false };
  const show = (group, on) => {
    actors.filter((a) => a.group === group).forEach((a) => a.actor.setVisibility(on));
    render();
  };
  const groups = Object.keys(shown).filter((g) => actors.some((a) => a.group === g));
  // Patient coordinates: x to the left, y to the back, z up.
  const views = { front: [0, -1, 0], back: [0, 1, 0], fromLeft: [1, 0, 0], fromRight: [-1, 0, 0], above: [0, 0, 1] };
  let seen = 'front';
  let joint = 'both';
  const look = (name, which) => {
    seen = name;
    joint = which;
    const camera = renderer.getActiveCamera();
    const box = boxOf(all.filter((s) => joint === 'both' || s.side === joint));
    camera.setFocalPoint(...[0, 2, 4].map((i) => (box[i] + box[i + 1]) / 2));
    camera.setPosition(...camera.getFocalPoint().map((f, i) => f + 300 * views[seen][i]));
    camera.setViewUp(...(seen === 'above' ? [0, -1, 0] : [0, 0, 1]));
    renderer.resetCamera(box);
    camera.zoom(ZOOM);
    render();
  };
  const joints = ['both', ...['left', 'right'].filter((side) => all.some((s) => s.side === side))];

  const gradient = el('div', { class: 'bar', role: 'presentation' });
  gradient.style.background = `linear-gradient(to right, ${COLOURS.map(([mm, ...rgb]) => `rgb(${rgb.map((c) => Math.round(255 * c)).join(' ')}) ${(100 * mm) / FAR_MM}%`).join(', ')})`;
  const element = el('div', {},
    frame,
    el('div', {}, el('p', { class: 'faint' }, t('scale')), gradient,
      el('div', { class: 'ticks' }, [0, 1, 2, 3, 4, 5].map((mm) => el('span', {}, String(mm))), el('span', {}, `≥ ${FAR_MM}`))),
    el('div', { class: 'row', role: 'group', 'aria-label': t('view') }, Object.keys(views)
      .map((name) => el('button', { type: 'button', onclick: () => look(name, joint) }, t(name))),
      joints.map((which) => el('button', { type: 'button', onclick: () => look(seen, which) }, t(`${which}Joint`)))),
    el('div', { class: 'row', role: 'group', 'aria-label': t('show') }, groups.map((group) => el('label', { class: 'check' },
      el('input', { type: 'checkbox', checked: shown[group], onchange: (event) => show(group, event.target.checked) }), t(group))),
    el('label', {}, t('clip'), el('input', { type: 'range', min: '0', max: String(Math.ceil(bounds[1] - bounds[0])), value: '0', step: '0.5', oninput: (event) => setClip(event.target.value) }))));

  return {
    element,
    begin() {
      window3d.setContainer(canvas);
      window3d.resize();
      Object.entries(shown).forEach(([group, on]) => show(group, on));
      setClip(0);
      look('front', 'both');
      frame.dataset.ready = 'true';
    },
    close() {
      window3d.delete();
    },
  };
}
