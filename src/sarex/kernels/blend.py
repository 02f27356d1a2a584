"""A velocity between the eight nodes around a point in space and time, as one machine operation.

This gather is what a drift spends its time on. Both components of two neighbouring nodes lie side by side
in memory, so four loads of four floats fetch all sixteen numbers; LLVM does not find that by itself (it makes
sixteen loads, six times slower measured), so the operation is written in its own language.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

_FOUR = ir.VectorType(ir.FloatType(), 4)
_INT32 = ir.IntType(32)


@intrinsic
def _blend(typing_context, values, first, row_stride, time_stride, weight_x, weight_y, weight_t):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """Both components at a point: linear in time, then y, then x.

    Args:
        values: flat float32 view of (time, y, x, component).
        first: index of the lower node's first component at the earlier time.
        row_stride, time_stride: floats from one row, or time, to the next.
        weight_x, weight_y, weight_t: of the upper node, 0..1.

    Returns:
        The two components; NaN if any of the sixteen numbers is NaN.
    """
    signature = types.UniTuple(types.float32, 2)(
        values, types.intp, types.intp, types.intp, types.float32, types.float32, types.float32
    )
    return signature, _generate


blend: Any = _blend
"""As compiled code calls it: the typing context is not passed."""


def _generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> Any:
    values, first, row_stride, time_stride, weight_x, weight_y, weight_t = arguments
    data = context.make_array(signature.args[0])(context, builder, values).data
    early = builder.gep(data, [first])
    late = builder.gep(early, [time_stride])
    time, row, column = (_everywhere(builder, weight) for weight in (weight_t, weight_y, weight_x))
    lower = _between(builder, _four_at(builder, early), _four_at(builder, late), time)
    upper = _between(
        builder,
        _four_at(builder, builder.gep(early, [row_stride])),
        _four_at(builder, builder.gep(late, [row_stride])),
        time,
    )
    left = _between(builder, lower, upper, row)  # both components at the left column, then at the right
    right = builder.shuffle_vector(left, left, ir.Constant(ir.VectorType(_INT32, 4), [2, 3, 2, 3]))
    found = _between(builder, left, right, column)
    parts = [builder.extract_element(found, ir.Constant(_INT32, k)) for k in (0, 1)]
    return context.make_tuple(builder, signature.return_type, parts)


def _four_at(builder: ir.IRBuilder, pointer: Any) -> Any:
    loaded = builder.load(builder.bitcast(pointer, _FOUR.as_pointer()))
    loaded.align = 4
    return loaded


def _everywhere(builder: ir.IRBuilder, weight: Any) -> Any:
    undefined = ir.Constant(_FOUR, ir.Undefined)
    first = builder.insert_element(undefined, weight, ir.Constant(_INT32, 0))
    return builder.shuffle_vector(first, undefined, ir.Constant(ir.VectorType(_INT32, 4), [0, 0, 0, 0]))


def _between(builder: ir.IRBuilder, start: Any, end: Any, weight: Any) -> Any:
    return builder.fadd(start, builder.fmul(weight, builder.fsub(end, start)))
