#!/usr/bin/env python3
"""Trains a churn model with scikit-learn and serves its scores to Postulate.

    python3 scorer.py --port 8000

Needs scikit-learn (Debian: python3-sklearn) and, for serving, nothing but the standard library. The data is made up here: put
your own in the place of `history()`. The features must be those of scorer.json, by name and in the order of each request.
"""
import argparse
import json
import random
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

FEATURES = ["recency_days", "count(purchase, 365d)", "spend(EUR, 90d)"]
MODEL = "churn-2026-03"
SCHEMA = "postulate.scorer/1"


def history(rows=4000, seed=7):
    """Features as of a cut-off, and who had left 90 days later."""
    chance = random.Random(seed)
    x, y = [], []
    for _ in range(rows):
        recency = chance.expovariate(1 / 60)
        orders = max(0, int(chance.gauss(5 - recency / 40, 2)))
        spend = orders * chance.uniform(5, 40)
        left = 1 / (1 + np.exp(-(recency / 45 - orders / 2)))
        x.append([recency, orders, spend if orders else np.nan])
        y.append(int(chance.random() < left))
    return np.array(x), np.array(y)


def train():
    x, y = history()
    return HistGradientBoostingClassifier(max_iter=60, random_state=0).fit(x, y)


class Scorer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model = None

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if asked.get("schema") != SCHEMA or sorted(asked["features"]) != sorted(FEATURES):
            return self.answer(400, {"error": f"send {SCHEMA} with the features {FEATURES}"})
        order = [asked["features"].index(name) for name in FEATURES]
        # What is not known comes as null, and trees know what to do with NaN.
        rows = [[np.nan if row[i] is None else float(row[i]) for i in order] for row in asked["rows"]]
        scores = self.model.predict_proba(np.array(rows))[:, 1] if rows else []
        self.answer(200, {"model": MODEL, "scores": [float(score) for score in scores]})

    def answer(self, status, body):
        # allow_nan: rather no answer at all than one that is no JSON.
        data = json.dumps(body, allow_nan=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Requests hold what is known of recipients: none of it goes to a log."""


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=8000)
    port = options.parse_args().port
    Scorer.model = train()
    server = ThreadingHTTPServer(("127.0.0.1", port), Scorer)
    print(f"scoring at http://127.0.0.1:{server.server_port}/score", flush=True)
    server.serve_forever()
