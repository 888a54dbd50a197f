"""Says how pydicom and numpy read a Surface Segmentation: one line a surface."""
import sys

import numpy
import pydicom

ds = pydicom.dcmread(sys.argv[1])
by_number = {s.SurfaceNumber: s for s in ds.SurfaceSequence}
for segment in ds.SegmentSequence:
    surface = by_number[segment.ReferencedSurfaceSequence[0].ReferencedSurfaceNumber]
    points = surface.SurfacePointsSequence[0]
    xyz = numpy.frombuffer(points.PointCoordinatesData, "<f4").reshape(-1, 3).astype(float)
    assert len(xyz) == points.NumberOfSurfacePoints
    primitives = surface.SurfaceMeshPrimitivesSequence[0]
    assert "TrianglePointIndexList" not in primitives, "the 16-bit list is retired"
    corners = numpy.frombuffer(primitives.LongTrianglePointIndexList, "<u4").reshape(-1, 3)
    assert corners.min() == 1 and corners.max() == len(xyz), "points are counted from 1"
    a, b, c = (xyz[corners[:, i] - 1] for i in range(3))
    volume = numpy.einsum("ij,ij->i", a, numpy.cross(b, c)).sum() / 6
    faces = numpy.cross(b - a, c - a)
    normals = surface.SurfacePointsNormalsSequence[0]
    vectors = numpy.frombuffer(normals.VectorCoordinateData, "<f4").reshape(-1, 3).astype(float)
    assert len(vectors) == normals.NumberOfVectors == len(xyz)
    assert normals.VectorDimensionality == 3
    outward = numpy.einsum("ij,ij->i", faces, vectors[corners[:, 0] - 1]) > 0
    print(
        segment.SegmentNumber,
        segment.SegmentLabel,
        volume,
        numpy.linalg.norm(faces, axis=1).sum() / 2,
        *(xyz.min(axis=0)),
        *(xyz.max(axis=0)),
        numpy.abs(numpy.linalg.norm(vectors, axis=1) - 1).max(),
        outward.mean(),
        surface.FiniteVolume,
        surface.Manifold,
        sep="|",
    )
