"""Says what VTK finds of the surfaces of a Surface Segmentation: one line a surface."""
import sys

import numpy
import pydicom

try:
    from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
    from vtkmodules.vtkFiltersCore import vtkFeatureEdges, vtkMassProperties
except ImportError as e:
    print("no VTK:", e)
    sys.exit(0)

for surface in pydicom.dcmread(sys.argv[1]).SurfaceSequence:
    xyz = numpy.frombuffer(surface.SurfacePointsSequence[0].PointCoordinatesData, "<f4")
    corners = numpy.frombuffer(
        surface.SurfaceMeshPrimitivesSequence[0].LongTrianglePointIndexList, "<u4"
    )
    points = vtkPoints()
    points.SetData(numpy_to_vtk(xyz.reshape(-1, 3).copy(), deep=True))
    triangles = corners.reshape(-1, 3).astype("int64") - 1
    cells = vtkCellArray()
    cells.SetCells(
        len(triangles),
        numpy_to_vtkIdTypeArray(
            numpy.hstack([numpy.full((len(triangles), 1), 3), triangles]).ravel().copy(), deep=True
        ),
    )
    mesh = vtkPolyData()
    mesh.SetPoints(points)
    mesh.SetPolys(cells)
    mass = vtkMassProperties()
    mass.SetInputData(mesh)
    mass.Update()
    edges = vtkFeatureEdges()
    edges.SetInputData(mesh)
    edges.FeatureEdgesOff()
    edges.ManifoldEdgesOff()
    edges.BoundaryEdgesOn()
    edges.NonManifoldEdgesOn()
    edges.Update()
    print(
        surface.SurfaceComments,
        mass.GetVolume(),
        mass.GetSurfaceArea(),
        edges.GetOutput().GetNumberOfCells(),
        surface.FiniteVolume,
        sep="|",
    )
