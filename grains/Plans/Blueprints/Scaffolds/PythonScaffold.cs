using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints.Scaffolds;

/// <summary>As pytest finds it, and written so that Python alone runs it too.</summary>
internal static class PythonScaffold
{
    public static IEnumerable<(string Path, string Text)> Write(TestScaffolds.Subject s)
    {
        const string Name = "tests/test_prodsprint_generated.py";
        var path = TreePaths.Join(s.Path, Name);
        yield return (path, (TestScaffolds.Head(s, "#", $"python -m pytest {Name}, or python {Name}") + $$"""
            import os
            import pathlib
            import shlex
            import signal
            import socket
            import subprocess
            import sys
            import tempfile
            import time
            import unittest
            import urllib.error
            import urllib.request

            DIRECTORY = (pathlib.Path(__file__).resolve().parent / {{TestScaffolds.Text(TestScaffolds.Relative(path, s.Directory))}}).resolve()
            START = {{TestScaffolds.Text(s.Start)}}
            if not (DIRECTORY / ".venv").exists():
                # Installed for the Python that runs this.
                START = START.replace(".venv/bin/python", shlex.quote(sys.executable)).replace(".venv/bin/", "")
            HEALTH = {{TestScaffolds.Text(s.Health)}}
            MISSING = [name for name in [{{TestScaffolds.List(s.Given)}}] if not os.environ.get(name)]
            INVENTED = {name: os.environ.get(name, "generated") for name in [{{TestScaffolds.List(s.Invented)}}]}


            class _NoRedirects(urllib.request.HTTPRedirectHandler):
                def redirect_request(self, *arguments):
                    return None


            def _status(address):
                try:
                    with urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects).open(address, timeout=10) as answer:
                        return answer.status
                except urllib.error.HTTPError as answer:
                    return answer.code


            def _free_port():
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", 0))
                    return str(probe.getsockname()[1])


            @unittest.skipIf(MISSING, "set " + ", ".join(MISSING))
            class ProdSprintGenerated(unittest.TestCase):
                @classmethod
                def setUpClass(cls):
                    cls.said = tempfile.TemporaryFile()
                    cls.service = None
                    cls.addClassCleanup(cls.stop)
                    # Another program may take a port between the look and the start: then another one.
                    for _ in range(3):
                        port = _free_port()
                        cls.base = f"http://127.0.0.1:{port}"
                        environment = {**os.environ, **INVENTED, "PORT": port, {{TestScaffolds.Text(s.Port)}}: port}
                        cls.service = subprocess.Popen(START, shell=True, cwd=DIRECTORY, env=environment, stdout=cls.said, stderr=cls.said, start_new_session=True)
                        until = time.monotonic() + 60
                        while time.monotonic() < until and cls.service.poll() is None:
                            try:
                                _status(cls.base + HEALTH)
                                return
                            except OSError:
                                time.sleep(0.1)
                        cls.end()
                    raise AssertionError(f"It did not come up with {START!r}: {cls.output()}")

                @classmethod
                def end(cls):
                    if cls.service is not None and cls.service.poll() is None:
                        os.killpg(cls.service.pid, signal.SIGKILL)
                        cls.service.wait()

                @classmethod
                def stop(cls):
                    cls.end()
                    cls.said.close()

                @classmethod
                def output(cls):
                    cls.said.seek(0)
                    return cls.said.read()[-4000:].decode(errors="replace")

                def test_answers_at_its_health_path(self):
                    self.assertIn(_status(self.base + HEALTH), range(200, 400), self.output())

                def test_does_not_fail_at_a_path_that_is_not_there(self):
                    self.assertLess(_status(self.base + "/prodsprint-generated-nothing-here"), 500, self.output())


            if __name__ == "__main__":
                unittest.main()

            """).ReplaceLineEndings("\n"));
    }
}
