"""The system calls a decoding child may still make, as a BPF filter for x86_64 and aarch64.

The list names what is allowed: reading and writing what is open already, memory, threads, clocks. All else fails as not
permitted. So no file can be opened, nothing connected, started, signalled or traced, whatever a decoder was talked into.
"""

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_KILL_PROCESS = 0x80000000

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16

_CLONE_THREAD = 0x00010000
_X32_CALLS = 0x40000000

_X86_64 = {
    "read": 0, "write": 1, "close": 3, "fstat": 5, "poll": 7, "lseek": 8, "mmap": 9, "mprotect": 10, "munmap": 11,
    "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "pread64": 17, "pwrite64": 18,
    "readv": 19, "writev": 20, "select": 23, "sched_yield": 24, "mremap": 25, "madvise": 28, "dup": 32,
    "nanosleep": 35, "getpid": 39, "exit": 60, "uname": 63, "fcntl": 72, "fsync": 74, "fdatasync": 75, "ftruncate": 77, "getcwd": 79,
    "gettimeofday": 96, "getrusage": 98, "sysinfo": 99, "times": 100, "getuid": 102, "getgid": 104, "geteuid": 107,
    "getegid": 108, "sigaltstack": 131, "gettid": 186, "time": 201, "futex": 202, "sched_getaffinity": 204,
    "set_tid_address": 218, "fadvise64": 221, "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230,
    "exit_group": 231, "restart_syscall": 219, "set_robust_list": 273, "ppoll": 271, "fallocate": 285, "getcpu": 309,
    "getrandom": 318, "membarrier": 324, "rseq": 334,
}  # fmt: skip
_AARCH64 = {
    "getcwd": 17, "dup": 23, "fcntl": 25, "ftruncate": 46, "fallocate": 47, "close": 57, "lseek": 62, "read": 63, "write": 64,
    "readv": 65, "writev": 66, "pread64": 67, "pwrite64": 68, "pselect6": 72, "ppoll": 73, "fstat": 80, "fsync": 82,
    "fdatasync": 83, "exit": 93, "exit_group": 94, "set_tid_address": 96, "futex": 98, "set_robust_list": 99,
    "nanosleep": 101, "clock_gettime": 113, "clock_getres": 114, "clock_nanosleep": 115, "sched_getaffinity": 123,
    "sched_yield": 124, "restart_syscall": 128, "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135,
    "rt_sigreturn": 139, "times": 153, "uname": 160, "getrusage": 165, "getcpu": 168, "gettimeofday": 169,
    "getpid": 172, "getuid": 174, "geteuid": 175, "getgid": 176, "getegid": 177, "gettid": 178, "sysinfo": 179,
    "brk": 214, "munmap": 215, "mremap": 216, "mmap": 222, "fadvise64": 223, "mprotect": 226, "madvise": 233,
    "getrandom": 278, "membarrier": 283, "rseq": 293,
}  # fmt: skip


@dataclass(frozen=True)
class _Machine:
    audit_number: int
    allowed: frozenset[int]
    clone: int
    tgkill: int
    prlimit64: int
    fstatat: int  # os.fstat on newer C libraries: an empty path and a descriptor; opening stays forbidden
    clone3: int = 435


_MACHINES = {
    "x86_64": _Machine(0xC000003E, frozenset(_X86_64.values()), clone=56, tgkill=234, prlimit64=302, fstatat=262),
    "aarch64": _Machine(0xC00000B7, frozenset(_AARCH64.values()), clone=220, tgkill=131, prlimit64=261, fstatat=79),
}

_Instruction = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]  # as ctypes wants it


def install() -> bool:
    """Confines this process for good. False where the kernel or the machine does not offer it."""
    machine = _MACHINES.get(platform.machine())
    if machine is None or platform.system() != "Linux":
        return False
    code = b"".join(struct.pack("=HBBI", *line) for line in _filter(machine, os.getpid()))
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p).value)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(program), 0, 0) == 0)


def _filter(machine: _Machine, own_pid: int) -> list[_Instruction]:
    refuse = _ERRNO | errno.EPERM
    lines: list[_Instruction] = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_EQUAL, 1, 0, machine.audit_number),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_AT_LEAST, 0, 1, _X32_CALLS),
        (_RETURN, 0, 0, _KILL_PROCESS),
    ]
    for number in sorted(machine.allowed):
        lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    # The C library asks for threads by clone3 first and, told that there is none, by clone, whose flags can be read.
    lines += [(_EQUAL, 0, 1, machine.clone3), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    lines += _only_if(machine.clone, 0, (_ANY_BIT, _CLONE_THREAD))
    lines += _only_if(machine.tgkill, 0, (_EQUAL, own_pid))  # abort() signals itself
    lines += _only_if(machine.prlimit64, 2, (_EQUAL, 0))  # reading limits, not changing them
    lines += _only_if(machine.fstatat, 3, (_ANY_BIT, 0x1000))  # AT_EMPTY_PATH: of an open descriptor
    return [*lines, (_RETURN, 0, 0, refuse)]


def _only_if(number: int, argument: int, test: tuple[int, int]) -> list[_Instruction]:
    """Allows a call when the low half of one argument passes; refuses it otherwise."""
    return [
        (_EQUAL, 0, 4, number),
        (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * argument),
        (test[0], 0, 1, test[1]),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
    ]
