"""A file as a stream of decompressed UTF-8 bytes: magic bytes decide, not the file's ending."""

from __future__ import annotations

import codecs
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

from stratagem.ingest.limits import Limits

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_ENCODINGS = ((codecs.BOM_UTF8, ""), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_READ = 1024 * 1024
_SLICE = 4096

_Unpack = Callable[[Iterator[bytes]], Iterator[bytes]]


class Broken(Exception):
    """The stream ends before the data does; what came before it is good. The message is the reason."""


class Stream:
    """Decompressed bytes of one file, in order. Offsets of a file that is not `compressed` are the file's own."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._limits = limits
        self._file: IO[bytes] = sys.stdin.buffer if name == "-" else Path(name).open("rb")  # noqa: SIM115
        head = self._file.read(4)
        self.compressed = head.startswith(_GZIP) or head == _ZSTD
        self._chunks = _unpacked(_chunks(self._file, head), head, limits)
        self._pending = b""
        self.marked = False
        self.encoding = self._sniff_encoding()

    def close(self) -> None:
        if self._file is not sys.stdin.buffer:
            self._file.close()

    def __iter__(self) -> Iterator[bytes]:
        """Pieces of any size. Raises Broken at the point where the input breaks off."""
        chunks = self._raw()
        return _transcode(chunks, self.encoding) if self.encoding else chunks

    def _raw(self) -> Iterator[bytes]:
        if self._pending:
            yield self._pending
        yield from self._chunks

    def _sniff_encoding(self) -> str:
        try:
            self._pending = next(self._chunks, b"")
        except Broken as error:
            self._chunks = _raise(error)
        for mark, encoding in _ENCODINGS:
            if self._pending.startswith(mark):
                self._pending = self._pending[len(mark) :]
                self.marked = True
                return encoding
        return _unmarked(self._pending[:2])


def _unmarked(head: bytes) -> str:
    """JSON begins with two ASCII characters, so zero bytes tell UTF-16 without a mark (RFC 4627 section 3)."""
    if len(head) == 2 and head[0] in b"{[" and head[1] == 0:
        return "utf-16-le"
    return "utf-16-be" if len(head) == 2 and head[0] == 0 and head[1] in b"{[" else ""


def _raise(error: Exception) -> Iterator[bytes]:
    raise error
    yield b""


def _chunks(file: IO[bytes], head: bytes) -> Iterator[bytes]:
    chunk = head + file.read(_READ - len(head))
    while chunk:
        yield chunk
        chunk = file.read(_READ)


def _transcode(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        raise Broken(f"not valid {encoding}: {error.__class__.__name__}") from error


def _unpacked(chunks: Iterator[bytes], head: bytes, limits: Limits) -> Iterator[bytes]:
    if head.startswith(_GZIP):
        return _bounded(chunks, _gunzip, limits)
    if head == _ZSTD:
        return _bounded(chunks, _unzstd, limits)
    return chunks


def _bounded(chunks: Iterator[bytes], unpack: _Unpack, limits: Limits) -> Iterator[bytes]:
    """Unpack, and stop where a file grows as only a compression bomb does."""
    taken = 0

    def counted() -> Iterator[bytes]:
        nonlocal taken
        for chunk in chunks:
            taken += len(chunk)
            yield chunk

    given = 0
    for piece in unpack(counted()):
        given += len(piece)
        if given > limits.expansion_floor and given > taken * limits.expansion:
            raise Broken(f"grows more than {limits.expansion} times when decompressed (limit)")
        yield piece


def _gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Members one after another, as log shippers append them; trailing zero padding is not a member."""
    inflate = _inflater()
    used = False
    for chunk in chunks:
        data = chunk
        while data:
            try:
                piece = inflate.decompress(data, _READ * 8)
            except Exception as error:  # zlib.error and isal's IsalError share no base
                raise Broken(f"gzip data is damaged: {error}") from error
            used = True
            if piece:
                yield piece
            if inflate.eof:
                data = inflate.unused_data.lstrip(b"\0")
                inflate, used = _inflater(), False
            else:
                data = inflate.unconsumed_tail
    while used and not inflate.eof:
        piece = inflate.decompress(b"", _READ * 8)
        if not piece:
            raise Broken("gzip data ends early")
        yield piece


def _inflater() -> zlib._Decompress:
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib.decompressobj(wbits=31)
    return cast("zlib._Decompress", isal_zlib.decompressobj(wbits=31))


def _unzstd(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Frames one after another. Fed in small slices, because one slice may unpack to thousands of times its size."""
    import zstandard

    unpacker = zstandard.ZstdDecompressor(max_window_size=2**27)
    frame = unpacker.decompressobj()
    used = False
    for chunk in chunks:
        for start in range(0, len(chunk), _SLICE):
            data = chunk[start : start + _SLICE]
            while data:
                try:
                    piece = frame.decompress(data)
                except zstandard.ZstdError as error:
                    raise Broken(f"zstd data is damaged: {error}") from error
                used, data = True, b""
                if piece:
                    yield piece
                if frame.eof:
                    data = frame.unused_data
                    frame, used = unpacker.decompressobj(), False
    if used:
        raise Broken("zstd data ends early")
