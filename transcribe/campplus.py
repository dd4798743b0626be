"""CAM++, the network that turns a short piece of speech into a voice print.

Written after "CAM++: A Fast and Efficient Network for Speaker Verification Using Context-Aware
Masking" (Wang et al., 2023), for the names in 3D-Speaker's checkpoint. Evaluation only: it holds
no modules to train, and reads each layer's weights by name.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

_BLOCKS = ((12, 1), (24, 2), (16, 2))
"""Layers and dilation of each dense block."""
_SEGMENT = 100
"""Frames over which the local context is averaged."""


class CamPlusPlus:
    """The network, with the weights of a checkpoint file."""

    def __init__(self, checkpoint: Path, threads: int | None = None) -> None:
        self._weights: dict[str, Tensor] = torch.load(checkpoint, map_location="cpu", weights_only=True)
        if threads:
            torch.set_num_threads(threads)

    @torch.inference_mode()
    def __call__(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Prints of shape (pieces, 192) from log-mel frames of shape (pieces, frames, 80)."""
        return np.asarray(self._prints(torch.from_numpy(frames)).numpy(), np.float32)

    def _prints(self, frames: Tensor) -> Tensor:
        maps = self._head(frames.transpose(1, 2).unsqueeze(1))
        channels = self._tdnn(maps.flatten(1, 2))
        for number, (layers, dilation) in enumerate(_BLOCKS, start=1):
            for layer in range(1, layers + 1):
                fresh = self._dense_layer(f"xvector.block{number}.tdnnd{layer}", channels, dilation)
                channels = torch.cat([channels, fresh], dim=1)
            transit = f"xvector.transit{number}"
            channels = self._convolve(f"{transit}.linear", self._active(f"{transit}.nonlinear", channels))
        channels = self._active("xvector.out_nonlinear", channels)
        statistics = torch.cat([channels.mean(-1), channels.std(-1)], dim=-1).unsqueeze(-1)
        prints = self._convolve("xvector.dense.linear", statistics).squeeze(-1)
        return self._normalise("xvector.dense.nonlinear.batchnorm", prints)

    def _head(self, maps: Tensor) -> Tensor:
        """Two-dimensional convolutions that bring 80 mel bands down to 10."""
        maps = self._layer("head.conv1", "head.bn1", maps, stride=1).relu()
        for block in ("head.layer1.0", "head.layer1.1", "head.layer2.0", "head.layer2.1"):
            maps = self._residual(block, maps)
        return self._layer("head.conv2", "head.bn2", maps, stride=2).relu()

    def _residual(self, name: str, maps: Tensor) -> Tensor:
        stride = 2 if f"{name}.shortcut.0.weight" in self._weights else 1
        shortcut = self._layer(f"{name}.shortcut.0", f"{name}.shortcut.1", maps, stride) if stride == 2 else maps
        inner = self._layer(f"{name}.conv1", f"{name}.bn1", maps, stride).relu()
        return (self._layer(f"{name}.conv2", f"{name}.bn2", inner, stride=1) + shortcut).relu()

    def _layer(self, convolution: str, norm: str, maps: Tensor, stride: int) -> Tensor:
        """A convolution that strides over the mel bands only, and its normalisation."""
        kernel = self._weights[f"{convolution}.weight"]
        padding = kernel.shape[-1] // 2
        return self._normalise(norm, functional.conv2d(maps, kernel, stride=(stride, 1), padding=padding))

    def _tdnn(self, channels: Tensor) -> Tensor:
        inner = self._convolve("xvector.tdnn.linear", channels, stride=2)
        return self._active("xvector.tdnn.nonlinear", inner)

    def _dense_layer(self, name: str, channels: Tensor, dilation: int) -> Tensor:
        """A layer whose output is masked by what its surroundings sound like."""
        inner = self._convolve(f"{name}.linear1", self._active(f"{name}.nonlinear1", channels))
        inner = self._active(f"{name}.nonlinear2", inner)
        local = self._convolve(f"{name}.cam_layer.linear_local", inner, dilation=dilation)
        context = inner.mean(-1, keepdim=True) + _segment_means(inner)
        mask = self._convolve(f"{name}.cam_layer.linear1", context).relu()
        return local * self._convolve(f"{name}.cam_layer.linear2", mask).sigmoid()

    def _active(self, name: str, channels: Tensor) -> Tensor:
        return self._normalise(f"{name}.batchnorm", channels).relu()

    def _convolve(self, name: str, channels: Tensor, stride: int = 1, dilation: int = 1) -> Tensor:
        kernel = self._weights[f"{name}.weight"]
        bias = self._weights.get(f"{name}.bias")
        padding = kernel.shape[-1] // 2 * dilation
        return functional.conv1d(channels, kernel, bias, stride=stride, padding=padding, dilation=dilation)

    def _normalise(self, name: str, values: Tensor) -> Tensor:
        mean, variance = self._weights[f"{name}.running_mean"], self._weights[f"{name}.running_var"]
        scale, shift = self._weights.get(f"{name}.weight"), self._weights.get(f"{name}.bias")
        return functional.batch_norm(values, mean, variance, scale, shift)


def _segment_means(channels: Tensor) -> Tensor:
    """Every frame replaced by the mean of its segment."""
    means = functional.avg_pool1d(channels, _SEGMENT, _SEGMENT, ceil_mode=True)
    return means.repeat_interleave(_SEGMENT, dim=-1)[..., : channels.shape[-1]]
