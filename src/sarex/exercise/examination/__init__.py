"""Automatic exercises over random cases: is what is promised what happens?"""
