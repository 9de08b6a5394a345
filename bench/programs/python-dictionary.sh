# Python, dictionaries, strings and lists of them
measure python3 -I /bench/dictionary.py
