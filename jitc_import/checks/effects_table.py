"""What the names of Python's library do beyond giving a value, by dotted name; the longest entry that fits decides.

What stands nowhere here is unknown: the table allows, it does not forbid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True)
class Refused:
    """What no body may use; `unless_imported` where the module itself does not import it."""

    unless_imported: bool = False


Verdict = tuple[str, ...] | Refused

KINDS = (
    *("changes globals", "clock", "environment", "input", "network", "processes", "prints", "random", "reads files"),
    *("threads", "unknown", "writes files"),
)
"""All effects that a body may have, sorted."""

PURE: tuple[str, ...] = ()
_READS, _WRITES = ("reads files",), ("writes files",)
OPENS = ("reads files", "writes files")
_UNKNOWN = ("unknown",)

_VERDICTS: tuple[tuple[Verdict, str], ...] = (
    (
        PURE,
        """
        __future__ abc array ast asyncio base64 binascii bisect builtins calendar cmath codecs collections colorsys
        contextlib contextvars copy csv dataclasses datetime decimal difflib email encodings.idna enum errno fnmatch
        fractions functools getopt graphlib gzip.compress gzip.decompress bz2.compress bz2.decompress hashlib heapq hmac
        html http http.cookies io.BytesIO io.StringIO io.TextIOBase io.IOBase io.SEEK_SET io.SEEK_CUR io.SEEK_END
        io.UnsupportedOperation io.TextIOWrapper io.BufferedReader io.RawIOBase io.BufferedIOBase ipaddress itertools
        json keyword lzma.compress lzma.decompress math numbers operator optparse argparse pathlib posixpath ntpath
        pprint quopri queue re reprlib sched shlex stat statistics string stringprep struct symtable textwrap token
        tokenize tomllib traceback types typing typing_extensions unicodedata urllib urllib.error urllib.parse
        uuid.UUID uuid.uuid3 uuid.uuid5 uuid.NAMESPACE_DNS uuid.NAMESPACE_URL uuid.NAMESPACE_OID uuid.NAMESPACE_X500
        uuid.SafeUUID warnings weakref xml.sax.saxutils xml.etree xml.dom zipfile.BadZipFile zlib zoneinfo
        _collections_abc collections.abc ast.keyword numpy numpy.random.Generator
        ast.operator datetime.time __main__ _abc _weakrefset importlib.metadata.PackageNotFoundError
        gc.collect inspect threading.Lock threading.RLock threading.Condition threading.Semaphore threading.Event
        threading.BoundedSemaphore threading.Barrier threading.local threading.current_thread threading.get_ident
        threading.main_thread concurrent.futures.Future concurrent.futures.TimeoutError concurrent.futures.Executor
        subprocess.CalledProcessError subprocess.TimeoutExpired subprocess.SubprocessError subprocess.CompletedProcess
        subprocess.PIPE subprocess.DEVNULL subprocess.STDOUT subprocess.list2cmdline shutil.Error sqlite3.Error
        socket.error socket.timeout socket.gaierror socket.AF_INET socket.AF_INET6 socket.SOCK_STREAM socket.inet_aton
        socket.htonl socket.htons socket.ntohl socket.ntohs socket.inet_ntoa socket.inet_pton socket.inet_ntop
        random.Random time.struct_time time.mktime time.strptime
        signal.SIGINT signal.SIGTERM signal.Signals platform.python_implementation logging.getLevelName
        logging.DEBUG logging.INFO logging.WARNING logging.ERROR logging.CRITICAL logging.Handler logging.Formatter
        logging.Filter logging.LogRecord logging.NullHandler logging.Logger logging.getLogger logging.LoggerAdapter
        configparser.Error configparser.NoSectionError configparser.NoOptionError
        sys.exit sys.platform sys.version sys.version_info sys.maxsize sys.maxunicode sys.float_info sys.int_info
        sys.hash_info sys.byteorder sys.getsizeof sys.getrecursionlimit sys.intern sys.exc_info sys.exception
        sys.implementation sys.hexversion sys.getdefaultencoding sys.getfilesystemencoding sys.is_finalizing sys.flags
        sys.getrefcount sys.stdlib_module_names sys.builtin_module_names sys.api_version sys.copyright
        sys.getfilesystemencodeerrors sys.float_repr_style sys.audit sys.get_int_max_str_digits sys.thread_info
        os.sep os.linesep os.name os.pathsep os.curdir os.pardir os.extsep os.altsep os.devnull os.fspath os.fsencode
        os.fsdecode os.PathLike os.path os.strerror os.error os.O_RDONLY os.O_WRONLY os.O_RDWR os.O_CREAT os.R_OK
        os.W_OK os.X_OK os.F_OK os.SEEK_SET os.SEEK_CUR os.SEEK_END os.DirEntry os.stat_result os.terminal_size
        """,
    ),
    (
        _READS,
        """
        os.listdir os.scandir os.walk os.fwalk os.stat os.lstat os.fstat os.access os.readlink os.read os.statvfs
        os.path.exists os.path.lexists os.path.isfile os.path.isdir os.path.islink os.path.ismount os.path.getsize
        os.path.getmtime os.path.getatime os.path.getctime os.path.realpath os.path.samefile os.path.isjunction
        posixpath.exists posixpath.isfile posixpath.isdir posixpath.getsize posixpath.getmtime posixpath.realpath
        io.open_code glob filecmp fileinput linecache tokenize.open configparser mimetypes gettext
        importlib.resources importlib.metadata pkgutil.get_data shutil.which shutil.disk_usage netrc
        inspect.getsource inspect.getsourcelines inspect.getsourcefile inspect.getfile inspect.findsource
        inspect.getcomments inspect.getmodule sysconfig site plistlib xml.etree.ElementTree.parse
        xml.etree.ElementTree.iterparse xml.dom.minidom.parse numpy.load numpy.loadtxt numpy.genfromtxt numpy.fromfile
        numpy.fromregex
        """,
    ),
    (
        _WRITES,
        """
        os.mkdir os.makedirs os.remove os.unlink os.rmdir os.removedirs os.rename os.renames os.replace os.link
        os.symlink os.chmod os.chown os.lchown os.utime os.truncate os.ftruncate os.write os.mkfifo os.mknod os.fsync
        os.lchmod os.fchmod os.fchown os.chroot os.setxattr os.removexattr os.fdatasync shutil tempfile mailbox
        shutil.copy xml.etree.ElementTree.ElementTree.write xml.etree.ElementTree.parse.write
        numpy.save numpy.savez numpy.savez_compressed numpy.savetxt
        """,
    ),
    (
        OPENS,
        """
        builtins.open os.open os.fdopen os.sendfile os.copy_file_range io.open io.FileIO gzip bz2 lzma zipfile tarfile
        codecs.open wave fileinput.input fileinput.FileInput numpy.memmap sqlite3 dbm mmap zipapp compileall py_compile
        """,
    ),
    (
        ("network",),
        """
        socket ssl urllib.request urllib.robotparser http.client http.server ftplib smtplib imaplib poplib nntplib
        telnetlib xmlrpc socketserver select selectors asyncio.open_connection asyncio.start_server asyncore asynchat
        asyncio.open_unix_connection asyncio.start_unix_server wsgiref smtpd antigravity _socket _ssl
        requests httpx aiohttp urllib3 websockets paramiko boto3 grpc openai anthropic
        xml.sax.parse xml.sax.make_parser http.cookiejar.HTTPCookieProcessor asyncio.streams
        """,
    ),
    (
        ("processes",),
        """
        subprocess multiprocessing os.system os.popen os.fork os.forkpty os.execl os.execle os.execlp os.execlpe
        os.execv os.execve os.execvp os.execvpe os.spawnl os.spawnle os.spawnlp os.spawnlpe os.spawnv os.spawnve
        os.spawnvp os.spawnvpe os.posix_spawn os.posix_spawnp os.kill os.killpg os.wait os.waitpid os.wait3 os.wait4
        os.startfile os.nice os.setsid os.setuid os.setgid pty webbrowser _posixsubprocess commands psutil
        asyncio.create_subprocess_exec asyncio.create_subprocess_shell asyncio.subprocess signal.raise_signal
        signal.pthread_kill concurrent.futures.ProcessPoolExecutor venv ensurepip
        """,
    ),
    (
        ("environment",),
        """
        os.environ os.environb os.getenv os.getenvb os.putenv os.unsetenv os.getcwd os.getcwdb os.getlogin os.getuid
        os.getgid os.geteuid os.getpid os.getppid os.cpu_count os.uname os.get_terminal_size os.getloadavg os.umask
        os.chdir os.fchdir os.get_exec_path os.process_cpu_count os.sched_getaffinity os.path.expanduser
        os.path.expandvars os.path.abspath os.path.relpath shutil.get_terminal_size getpass.getuser platform pwd grp
        sys.argv sys.path sys.executable sys.prefix sys.base_prefix sys.orig_argv sys.getwindowsversion locale
        pathlib.Path.home pathlib.Path.cwd resource dotenv
        """,
    ),
    (
        ("clock",),
        """
        time datetime.datetime.now datetime.datetime.utcnow datetime.datetime.today datetime.date.today asyncio.sleep
        asyncio.timeout asyncio.wait_for sched.scheduler email.utils.localtime email.utils.formatdate
        """,
    ),
    (
        ("random",),
        """
        random secrets uuid os.urandom os.getrandom random.SystemRandom tempfile.mktemp email.utils.make_msgid
        numpy.random
        """,
    ),
    (
        ("prints",),
        """
        builtins.print builtins.copyright builtins.credits builtins.license sys.stdout sys.stderr sys.__stdout__
        sys.__stderr__ pprint.pprint pprint.pp logging traceback.print_exc traceback.print_exception
        traceback.print_tb traceback.print_stack traceback.print_last calendar.prmonth calendar.prcal
        calendar.TextCalendar.prmonth syslog rich curses winsound this tabnanny
        warnings.warn warnings.warn_explicit warnings.showwarning numpy.info numpy.show_config numpy.show_runtime
        """,
    ),
    (("input",), "builtins.input sys.stdin sys.__stdin__ getpass readline cmd msvcrt.getch msvcrt.getwch"),
    (
        ("threads",),
        """
        threading _thread concurrent.futures concurrent.futures.ThreadPoolExecutor asyncio.to_thread
        multiprocessing.dummy concurrent.interpreters
        """,
    ),
    (
        ("changes globals",),
        """
        sys.setrecursionlimit sys.set_int_max_str_digits sys.setswitchinterval decimal.setcontext decimal.DefaultContext
        locale.setlocale atexit signal warnings.filterwarnings warnings.simplefilter warnings.resetwarnings
        contextlib.redirect_stdout contextlib.redirect_stderr contextlib.chdir logging.basicConfig logging.disable
        logging.setLoggerClass csv.register_dialect csv.field_size_limit gc copyreg.pickle faulthandler
        socket.setdefaulttimeout asyncio.set_event_loop asyncio.set_event_loop_policy re.purge time.tzset
        codecs.register codecs.register_error tracemalloc random.seed numpy.random.seed numpy.seterr numpy.seterrcall
        numpy.set_printoptions
        """,
    ),
    (
        _UNKNOWN,
        """
        os sys io builtins.help builtins.globals builtins.getattr builtins.setattr builtins.delattr
        operator.attrgetter operator.methodcaller string.Formatter inspect.getattr_static inspect.getmembers
        inspect.getmembers_static argparse.FileType
        inspect.get_annotations inspect.getcallargs pkgutil unittest json.tool base64.main
        builtins.object.__setattr__ builtins.object.__delattr__ builtins.type.__setattr__ builtins.type.__delattr__
        numpy.lib numpy.f2py numpy.distutils numpy.testing numpy.ctypeslib numpy.DataSource
        """,
    ),
    (
        Refused(),
        """
        builtins.eval builtins.exec builtins.compile builtins.__import__ builtins.breakpoint builtins.__build_class__
        builtins.__loader__ builtins.__spec__ builtins.__builtins__ importlib._bootstrap
        importlib._bootstrap_external importlib.reload importlib.__import__ _imp imp _frozen_importlib
        _frozen_importlib_external sys._getframe sys._getframemodulename sys._current_frames sys._current_exceptions
        sys.settrace sys.gettrace sys.setprofile sys.getprofile sys.call_tracing sys.monitoring sys.addaudithook
        sys.meta_path sys.path_hooks sys.path_importer_cache sys.modules sys.breakpointhook sys.displayhook
        sys.excepthook sys.unraisablehook sys.set_asyncgen_hooks sys.activate_stack_trampoline sys._debugmallocstats
        sys._xoptions sys.last_traceback sys.last_value sys.last_exc sys.remote_exec
        gc.get_objects gc.get_referrers gc.get_referents gc.callbacks ctypes _ctypes cffi _cffi_backend
        inspect.currentframe inspect.stack inspect.trace inspect.getouterframes inspect.getinnerframes
        inspect.getframeinfo inspect.getclosurevars inspect.getgeneratorlocals inspect.getcoroutinelocals
        traceback.walk_stack traceback.walk_tb threading.settrace threading.setprofile threading.settrace_all_threads
        threading.setprofile_all_threads _testcapi _testinternalcapi _interpreters _xxsubinterpreters _xxinterpreters
        typing.ForwardRef typing.get_type_hints typing._eval_type typing.evaluate_forward_ref annotationlib
        typing_extensions.get_type_hints typing_extensions.evaluate_forward_ref typing_extensions.ForwardRef
        timeit cProfile profile pdb bdb trace doctest code codeop runpy dis opcode pydoc test idlelib unittest.mock
        turtledemo logging.config os._exit os.abort posix nt faulthandler._sigsegv faulthandler._read_null lib2to3
        xxlimited asyncio.Task.get_stack rlcompleter types.FunctionType types.LambdaType types.CodeType
        """,
    ),
    (
        Refused(unless_imported=True),
        """
        pytest _pytest pickle _pickle marshal shelve importlib pkgutil.resolve_name dill cloudpickle joblib copyreg
        jsonpickle zipimport
        """,
    ),
)

CODE_TYPES = frozenset({"types.FunctionType", "types.LambdaType", "types.CodeType"})
"""What makes code of anything, but may be asked for: `isinstance(x, FunctionType)`."""

TABLE: dict[str, Verdict] = {name: verdict for verdict, names in _VERDICTS for name in names.split()}


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


REFUSED_NAMES = _names(
    """
    __globals__ __code__ __closure__ __builtins__ __subclasses__ __base__ __import__ __loader__ __build_class__ __spec__
    f_globals f_locals f_builtins f_back f_code f_trace gi_frame gi_code gi_yieldfrom cr_frame cr_code cr_await ag_frame
    ag_code tb_frame func_globals func_code co_code co_consts _getframe _current_frames
    """
)
"""Attributes, and names, that lead from a value to the interpreter's own."""

UNKNOWN_NAMES = _names("__mro__ __bases__ __getattribute__ __func__ __self__ __dict__ __reduce__ __reduce_ex__")
"""Attributes that lead far, and are used by honest code."""

_METHODS = {
    **dict.fromkeys(_names("run_in_executor"), ("threads",)),
    **dict.fromkeys(
        _names(
            "create_connection create_server create_datagram_endpoint create_unix_connection create_unix_server "
            "sock_accept sock_connect sock_recv sock_recv_into sock_recvfrom sock_recvfrom_into sock_sendall "
            "sock_sendfile sock_sendto connect_accepted_socket"
        ),
        ("network",),
    ),
    **dict.fromkeys(_names("subprocess_exec subprocess_shell"), ("processes",)),
    **dict.fromkeys(_names("pprint prmonth pryear"), ("prints",)),
    **dict.fromkeys(_names("read_text read_bytes iterdir rglob"), _READS),
    **dict.fromkeys(_names("write_text write_bytes mkdir unlink rmdir symlink_to hardlink_to tofile"), _WRITES),
}
_OF_PATHS = {
    **dict.fromkeys(_names("exists is_file is_dir is_symlink is_mount stat lstat glob resolve walk samefile"), _READS),
    **dict.fromkeys(_names("owner group readlink"), _READS),
    **dict.fromkeys(_names("expanduser absolute"), ("environment",)),
    **dict.fromkeys(_names("rename touch chmod lchmod copy_into move move_into"), _WRITES),
}
_OF_LOGGERS = dict.fromkeys(_names("debug info warning warn error critical fatal exception log"), ("prints",))
_METHODS_OF = {"pathlib": _OF_PATHS, "logging": _OF_LOGGERS}
"""What paths and loggers have by a name that other objects have, too, by the module that makes them."""

FAMILIES = frozenset(_METHODS_OF)


def method_kinds(name: str, families: Collection[str] = ()) -> tuple[str, ...]:
    """The effects of a method by its name alone; of some `families` there may be objects."""
    found = (_METHODS_OF[family].get(name) for family in sorted(families))
    return _METHODS.get(name) or next(filter(None, found), ())
