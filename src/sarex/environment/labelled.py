"""What datasets of labelled arrays have in common, xarray's and our own (`netcdf_file`)."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class LabelledArray(Protocol):
    """An array with names of its dimensions and attributes, read when its values are asked for."""

    @property
    def name(self) -> Any: ...

    @property
    def dims(self) -> tuple[Any, ...]: ...

    @property
    def attrs(self) -> Any: ...

    @property
    def encoding(self) -> Any: ...

    @property
    def shape(self) -> tuple[int, ...]: ...

    @property
    def ndim(self) -> int: ...

    @property
    def size(self) -> int: ...

    @property
    def sizes(self) -> Mapping[Any, int]: ...

    @property
    def dtype(self) -> np.dtype[Any]: ...

    @property
    def values(self) -> NDArray[Any]: ...

    def isel(self, indexers: Any) -> Any: ...

    def transpose(self, *dims: Any) -> Any: ...


class LabelledDataset(Protocol):
    """Arrays on shared dimensions, by name."""

    @property
    def variables(self) -> Mapping[Any, Any]: ...

    @property
    def data_vars(self) -> Mapping[Any, Any]: ...

    @property
    def sizes(self) -> Mapping[Any, int]: ...

    @property
    def attrs(self) -> Any: ...

    def __getitem__(self, name: Any) -> Any: ...

    def __setitem__(self, name: Any, array: Any) -> None: ...

    def close(self) -> None: ...
