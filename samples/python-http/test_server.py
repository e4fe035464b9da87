import json
import threading
import unittest
import urllib.request
from http.server import ThreadingHTTPServer

from server import Handler


class ServerTest(unittest.TestCase):
    def setUp(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()

    def test_health(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.server.server_port}/healthz") as response:
            self.assertEqual({"status": "ok"}, json.load(response))


if __name__ == "__main__":
    unittest.main()
